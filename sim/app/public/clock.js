/* One clock for all pictures of a page. */
export class Clock {
  constructor() { this.month = 0; this.months = 60; this.speed = 6; this.playing = false; this.heard = []; this.frames = []; }

  hear(listener) { this.heard.push(listener); return () => { this.heard = this.heard.filter((h) => h !== listener); }; }

  tell(part) { for (const listener of this.heard) { listener(Math.floor(this.month), part); } }

  go(month) { this.month = Math.max(0, Math.min(this.months, month)); this.tell(1); }

  toggle() { if (this.playing) { this.pause(); } else { this.play(); } }

  play() {
    if (this.month >= this.months) { this.month = 0; }
    this.playing = true;
    this.frames = [];
    let last = performance.now();
    const step = (now) => {
      if (!this.playing) { return; }
      const passed = Math.max(0, now - last);  // a frame's time may lie before the click that began it
      this.frames.push(passed);
      this.month += (passed / 1000) * this.speed;
      last = now;
      if (this.month >= this.months) { this.month = this.months; this.playing = false; }
      this.tell(this.month % 1 || 1);
      if (this.playing) { window.requestAnimationFrame(step); }
    };
    this.tell(1);
    window.requestAnimationFrame(step);
  }

  pause() { this.playing = false; this.tell(1); }
}
