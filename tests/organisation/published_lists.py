"""Lists of sites of the shapes in which people publish them, made here with invented names and figures."""

from __future__ import annotations

import random
from pathlib import Path

import openpyxl

from sim.organisation.files.cells import Upload

PLAIN = "site_id,name,agency,type,roll,staff,simd_q1_share,locality"
ROWS = (
    "P1,First,education,primary,210,14.2,0.4,North",
    "P2,Second,education,primary,180,12,0.2,North",
    "N1,Steps,private,nursery,40,6.6,0.3,North",
    "H1,High,education,secondary,1050,60,0.25,North",
)
SCHOOLS = 787
HEADINGS = (
    "Seed Code", "School Name", "LA Name", "School Type", "Pupil roll", "FTE teachers", "% in most deprived fifth",
    "Council ward", "Latitude", "Longitude", "Denomination",
)  # fmt: skip
UNITS = ("code", "text", "text", "text", "number", "FTE", "%", "text", "degrees", "degrees", "text")
KINDS = ("Primary School",) * 14 + ("High School",) * 4 + ("Special School",) + ("All through",)


def upload(*lines: str, name: str = "glen_sites.csv") -> Upload:
    return Upload(name, "\n".join(lines).encode())


def school(chance: random.Random, number: int) -> list[object]:
    """One row; some rolls and teachers are suppressed."""
    kind = chance.choice(KINDS)
    roll = chance.randint(20, 450) if kind == "Primary School" else chance.randint(60, 1400)
    small = chance.random() < 0.07
    council = f"Council {number % 11}"
    return [
        5_100_000 + number, f"Example School {number}", council, kind, "c" if small else f"{roll:,}",
        "*" if small else round(roll / 15, 1), f"{chance.randint(0, 80)}%", f"Ward {number % 60}",
        round(55 + chance.random() * 2, 4), round(-5 + chance.random() * 2, 4), "None",
    ]  # fmt: skip


def large_list(path: Path, sites: int = 24_000) -> Path:
    """A CSV file of primary schools in 150 councils, under foreign headings."""
    chance = random.Random(24_000)
    rolls = [chance.randint(20, 499) for _ in range(sites)]
    rows = [
        f"{k},School {k},Council {k % 150},Primary School,{r},{r / 15:.1f},Ward {k % 900}" for k, r in enumerate(rolls)
    ]
    head = "URN,Name,LA (name),Phase,Number on roll,FTE teachers,Ward"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def published_workbook(path: Path, schools: int = SCHOOLS) -> Path:
    """A workbook as a statistics office publishes it: contents sheet, titles, headings, units, totals, footnotes."""
    chance = random.Random(787)
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "Contents"
    for line in ("Summary statistics for schools", "Published in March", "Table 1: schools"):
        cover.append([line])
    sheet = book.create_sheet("Table 1")
    sheet.append(["Table 1: Summary statistics for schools, 2024"])
    sheet.append(["This sheet holds one table. Some figures are suppressed."])
    sheet.append([])
    sheet.append(list(HEADINGS))
    sheet.append(list(UNITS))
    for number in range(schools):
        sheet.append(school(chance, number))
    sheet.append(["Total", None, None, None, 200_000, 13_000])
    sheet.append([])
    sheet.append(["Notes:"])
    sheet.append(["1. c and * stand for figures that are suppressed"])
    sheet.append(["Source: school census"])
    book.save(path)
    return path
