"""How quickly the page answers, in Chromium: `python tests/benchmarks/page.py [PART ...]`, PART one of ALL.

Each part prints its rows of one table; without words all parts are measured, which takes about four minutes. The
server is a real one, the slider's values have never been seen before, and a time ends when the frame was painted.
With the word `search` a long plan search runs beside all that is measured in the browser and by ten who drag.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

from browser_builders import end, launch, missing, new_context, serve

LEVERS = ("coaching", "engagement_senior", "communication", "peer_network", "mentoring", "released_time")
BOTH = ("turnover_factor", "initiative_load")
MOVE = """([name, value]) => { const f = document.getElementById('zx-lever-' + name); f.value = value;
  f.dispatchEvent(new Event('input', { bubbles: true })); return ZX.number; }"""
NEVER_FEWER = "import sys, sim.app.jobs as d; d.CROWDED = d.QUICK; from sim.cli import main; sys.exit(main())"
SITES = 92
HEAD = "site_id,name,agency,type,roll,staff"


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))]


def row(what, values, unit="ms"):
    found = f"median {statistics.median(values):.0f}, p95 {percentile(values, 0.95):.0f}, max {max(values):.0f} {unit}"
    print(f"{what:<62} {found} ({len(values)})", flush=True)


def begin(page, address):
    page.goto(f"{address}/#/explore")
    page.wait_for_function("window.ZX && ZX.full && ZX.pictured", timeout=180_000)


def moved(page, luck, names, value):
    """Move one lever and wait until the quick answer is painted: milliseconds, replicates."""
    number = page.evaluate(MOVE, [luck.choice(names), value])
    found = f"ZX.perf.find((p) => p.number === {number})"
    page.wait_for_function(found, timeout=30_000)
    told = page.evaluate(found)
    return told["ms"], told["replicates"]


def slider(page, address, names, words, count):
    """Presses with pauses of 0.05 to 0.7 seconds, so that some fall into the work on the full answer."""
    begin(page, address)
    luck, times, fewest = random.Random(5), [], 10**6
    for _ in range(count):
        ms, replicates = moved(page, luck, names, round(luck.uniform(0.02, 0.98), 3))
        times.append(ms)
        fewest = min(fewest, replicates)
        page.wait_for_timeout(luck.choice((50, 250, 450, 700)))
    row(f"slider to painted frame, {words}, {fewest} or more", times)


def full(page, address):
    """From release to the whole answer of 200 runs on the screen."""
    begin(page, address)
    luck, times = random.Random(6), []
    for _ in range(15):
        number = page.evaluate(MOVE, [luck.choice(LEVERS), round(luck.uniform(0.02, 0.98), 3)])
        found = f"ZX.perf.find((p) => p.number === {number} && !p.quick)"
        page.wait_for_function(found, timeout=60_000)
        times.append(page.evaluate(found)["ms"])
    row("release to full answer painted, 200 replicates", times)


def motion(page, address):
    """Both pictures played through once."""
    begin(page, address)
    dots = page.evaluate("ZX.about.place.practitioners")
    page.evaluate("ZX.clock.speed = 12; ZX.clock.month = 0; ZX.clock.play()")
    page.wait_for_function("!ZX.clock.playing", timeout=60_000)
    frames = page.evaluate("ZX.clock.frames.slice(2)")
    rate = 1000 * len(frames) / sum(frames)
    print(
        f"{f'animation, 2 x {dots:,} dots':<62} {rate:.0f} frames a second, p95 frame {percentile(frames, 0.95):.1f} ms"
    )


def paint(browser, address):
    """A warm server, a browser that has never been here: until the first answer is on the screen."""
    times, shown = [], []
    for _ in range(8):
        context = new_context(browser, viewport={"width": 1440, "height": 900})
        page = context.new_page()
        begun = time.perf_counter()
        page.goto(f"{address}/#/explore")
        page.wait_for_function("window.ZX && ZX.perf.length", timeout=60_000)
        times.append(1000 * (time.perf_counter() - begun))
        shown.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        context.close()
    row("first contentful paint, warm server, nothing cached", shown)
    row("first answer painted, warm server, nothing cached", times)


def question(luck):
    changed = {name: round(luck.uniform(0, 1), 4) for name in LEVERS}
    return {"arms": [{"preset": "with-teams", "set": changed}, {"preset": "without-teams"}], "months": 0, "seed": 1}


async def drag(visitor, luck, seconds, found):
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        asked = question(luck)
        took, answer = await visitor.ask(asked)
        levers = answer["arms"][0]["levers"]
        found.append((1000 * took, answer["replicates"]))
        if any(abs(levers[k] - v) > 1e-9 for k, v in asked["arms"][0]["set"].items()):
            print("CROSS-TALK: a visitor was answered what another asked")
        await asyncio.sleep(max(0.0, 0.25 - took))


async def crowded(address, dragging, watching):
    from visitors import Visitor

    visitors = [Visitor(address) for _ in range(dragging + watching)]
    for visitor in visitors:
        await visitor.open()
    found = []
    begun = time.perf_counter()
    await asyncio.gather(*(drag(v, random.Random(k), 10.0, found) for k, v in enumerate(visitors[:dragging])))
    took = time.perf_counter() - begun
    for visitor in visitors:
        await visitor.close()
    late = found[dragging:]
    counts = sorted({r for _, r in late})
    row(f"{dragging} dragging, {dragging + watching} connected, {counts} replicates", [ms for ms, _ in late])
    print(f"{'':<62} {len(found) / took:.0f} answers a second")


async def opened_and_closed(address, count):
    from visitors import Visitor

    for start in range(0, count, 5):
        visitors = [Visitor(address) for _ in range(5)]
        await asyncio.gather(*(v.open() for v in visitors))
        await asyncio.gather(*(v.ask(question(random.Random(start + k))) for k, v in enumerate(visitors)))
        await asyncio.gather(*(v.close() for v in visitors))


def memory(process):
    said = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    found = {line.split(":")[0]: line.split()[1] for line in said.splitlines() if ":" in line and line.split()[1:]}
    return int(found["VmRSS"]) // 1024, int(found["Threads"])


def one_visitor(process, address):
    """Asks as somebody who drags for a while, once the stories are stored; the most that the server has held."""

    async def drags():
        from visitors import Visitor

        visitor = Visitor(address)
        await visitor.open()
        for number in range(40):
            await visitor.ask(question(random.Random(number)))
            await asyncio.sleep(0.1)
        await visitor.close()

    time.sleep(10)
    asyncio.run(drags())
    told = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    most = int(next(line.split()[1] for line in told.splitlines() if line.startswith("VmHWM"))) // 1024
    print(f"{'one visitor, peak memory of the server (asked: 1,024 MiB)':<62} {most} MiB", flush=True)


def leak(process, address):
    """Begins once the stories that the server works out at its start are stored."""
    time.sleep(10)
    for done in (50, 100, 150):
        asyncio.run(opened_and_closed(address, 50))
        time.sleep(2)
        size, threads = memory(process)
        print(f"{f'{done} sessions opened and closed':<62} {size} MB, {threads} threads", flush=True)


def large_area(folder):
    """An area of about 2,000 practitioners."""
    rows = [f"S{k},Site {k},education,primary,{300 + k},{21 if k % 2 else 22}" for k in range(SITES)]
    (Path(folder) / "large.csv").write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")


def crowd_of_many_runs(folder):
    """As `crowded`, on a server whose quick answers keep to 32 replicates however many drag."""
    process, address = serve(folder, program=("-c", NEVER_FEWER))
    try:
        asyncio.run(crowded(address, 10, 0))
        asyncio.run(crowded(address, 10, 40))
    finally:
        end(process)


def search_beside(browser, address):
    """A visitor begins a long search for plans; it runs on while the others are measured."""
    page = new_context(browser, viewport={"width": 1440, "height": 900}).new_page()
    begin(page, address)
    page.evaluate("location.hash = '#/plan'")
    page.wait_for_selector("#zx-ask-go")
    page.select_option("#zx-ask-runs", "long")
    page.locator("#zx-ask-go").click()
    page.wait_for_selector("main progress", timeout=60_000)
    return page


def in_chromium(parts, address, folder):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = launch(driver)
        beside = search_beside(browser, address) if "search" in parts else None
        page = new_context(browser, viewport={"width": 1440, "height": 900}).new_page()
        if "slider" in parts:
            slider(page, address, LEVERS, "a lever of the plan", 100)
        if "both" in parts:
            slider(page, address, BOTH, "a condition of both", 40)
        if "full" in parts:
            full(page, address)
        if "paint" in parts:
            paint(browser, address)
        if "motion" in parts:
            large_area(folder)
            process, other = serve(folder, "--area", "large.csv", "--as-given")
            motion(page, other)
            end(process)
        if "crowd" in parts and beside:
            # In a thread of its own: Playwright's loop runs in this one.
            with ThreadPoolExecutor(1) as pool:
                pool.submit(crowds, address).result()
        if beside:
            going = beside.locator("main progress").count() > 0
            print(f"a plan search ran beside{'' if going else ', but it ended before the rest did'}", flush=True)
        browser.close()


def crowds(address):
    """One who drags alone, ten, and ten among fifty."""
    for dragging, watching in ((1, 0), (10, 0), (10, 40)):
        asyncio.run(crowded(address, dragging, watching))


ALL = ("slider", "both", "full", "paint", "motion", "crowd", "crowd32", "visitor", "leak")


def main(parts):
    if missing():
        print(f"The page was not measured: {missing()}.")
        return
    with tempfile.TemporaryDirectory() as folder:
        process, address = serve(folder)
        try:
            print(f"{os.cpu_count()} cores; load of the machine when this began {os.getloadavg()[0]:.1f}")
            if set(parts) & {"search", "slider", "both", "full", "paint", "motion"}:
                in_chromium(parts, address, folder)
            if "crowd" in parts and "search" not in parts:
                crowds(address)
            if "crowd32" in parts:
                crowd_of_many_runs(folder)
            if "visitor" in parts:
                one_visitor(process, address)
            if "leak" in parts:
                leak(process, address)
            print(f"load when it ended {os.getloadavg()[0]:.1f}")
        finally:
            end(process)


if __name__ == "__main__":
    main(sys.argv[1:] or ALL)
