/* Practitioners' dots, written into pixels from small masks: as a path, two thousand arcs cost a canvas without a
   graphics card ten times as much. */

const PHASES = 4, ROOM = 2;
const LITTLE = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/* A colour as a pixel without its alpha. */
function asPixel(text) {
  const c = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  c.fillStyle = text;
  c.fillRect(0, 0, 1, 1);
  const [r, g, b] = c.getImageData(0, 0, 1, 1).data;
  return LITTLE ? (b << 16) | (g << 8) | r : (r << 24) | (g << 16) | (b << 8);
}

/* Places and strengths of the pixels of a disc, or of a ring, whose middle lies between two pixels. */
function makeMask(radius, ring, across, down) {
  const half = Math.ceil(radius + ring / 2) + ROOM, size = 2 * half;
  const c = Object.assign(document.createElement("canvas"), { width: size, height: size }).getContext("2d", { willReadFrequently: true });
  c.beginPath();
  c.arc(half + across / PHASES, half + down / PHASES, radius, 0, 6.2832);
  c.lineWidth = ring;
  if (ring) { c.stroke(); } else { c.fill(); }
  const { data } = c.getImageData(0, 0, size, size), found = [];
  for (let k = 0; k < size * size; k += 1) {
    if (data[4 * k + 3]) { found.push((k % size) - half, Math.floor(k / size) - half, data[4 * k + 3]); }
  }
  return Int16Array.from(found);
}

export class Dots {
  constructor(width, height, colours, ringed, ring) {
    this.canvas = Object.assign(document.createElement("canvas"), { width, height });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.image = this.context.createImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.colours = colours.map(asPixel);
    this.ringed = ringed;
    this.ring = ring;
    this.masks = new Map();
  }

  begin() { this.pixels.fill(0); }

  put(x, y, radius, state) {
    const left = Math.floor(x), top = Math.floor(y), { width, height } = this.canvas;
    const across = Math.floor((x - left) * PHASES), down = Math.floor((y - top) * PHASES), size = Math.round(radius * 4);
    const key = ((size * PHASES + across) * PHASES + down) * 2 + (state === this.ringed ? 1 : 0);
    let mask = this.masks.get(key);
    if (!mask) { this.masks.set(key, mask = makeMask(size / 4, state === this.ringed ? this.ring : 0, across, down)); }
    const colour = this.colours[state], shift = LITTLE ? 24 : 0;
    for (let k = 0; k < mask.length; k += 3) {
      const i = left + mask[k], j = top + mask[k + 1];
      if (i < 0 || j < 0 || i >= width || j >= height) { continue; }
      const at = j * width + i, strength = mask[k + 2];
      if (strength > ((this.pixels[at] >>> shift) & 255)) { this.pixels[at] = (colour | (strength << shift)) >>> 0; }
    }
  }

  onto(context) {
    this.context.putImageData(this.image, 0, 0);
    context.drawImage(this.canvas, 0, 0);
  }
}
