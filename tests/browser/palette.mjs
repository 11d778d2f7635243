// Makes a picture of the console small enough for the repository: a PNG with a palette of 256 colours. Knows the
// PNGs that Chromium writes (8 bits, RGB or RGBA, not interlaced) and nothing else.
import { deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const COLOURS = 256;
/** Colours of flat areas, kept exactly as they are. */
const FLAT = 112;

function crc(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

function read(png) {
  const parts = [];
  let head;
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') head = body;
    if (type === 'IDAT') parts.push(body);
    at += length + 12;
  }
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const channels = { 2: 3, 6: 4 }[head[9]];
  if (head[8] !== 8 || channels === undefined || head[12] !== 0) throw new Error('not a PNG of Chromium');
  return { width, height, channels, lines: inflateSync(Buffer.concat(parts)) };
}

/** Undoes the filter of each line; gives back the colours as 0xrrggbb. */
function pixels({ width, height, channels, lines }) {
  const stride = width * channels;
  const colours = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y += 1) {
    const from = y * (stride + 1);
    const line = new Uint8Array(stride);
    for (let x = 0; x < stride; x += 1) {
      const left = x < channels ? 0 : line[x - channels];
      const corner = x < channels ? 0 : above[x - channels];
      line[x] = lines[from + 1 + x] + predicted(lines[from], left, above[x], corner);
    }
    for (let x = 0; x < width; x += 1) {
      const at = x * channels;
      colours[y * width + x] = (line[at] << 16) | (line[at + 1] << 8) | line[at + 2];
    }
    above = line;
  }
  return colours;
}

function predicted(filter, left, up, corner) {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

const part = (colour, shift) => (colour >> shift) & 255;

/** The commonest colours each for itself; the others by median cut: boxes are halved where they are widest and
 *  fullest. */
function boxes(counts) {
  const common = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
  const all = common.splice(0, FLAT).map((colour) => [colour]);
  if (common.length > 0) all.push(common);
  while (all.length < COLOURS) {
    let best = null;
    for (const box of all) {
      if (box.length < 2) continue;
      for (const shift of [16, 8, 0]) {
        const values = box.map((colour) => part(colour, shift));
        const width = Math.max(...values) - Math.min(...values);
        const weight = width * Math.log2(2 + box.reduce((sum, colour) => sum + counts.get(colour), 0));
        if (best === null || weight > best.weight) best = { box, shift, weight };
      }
    }
    if (best === null) break;
    best.box.sort((a, b) => part(a, best.shift) - part(b, best.shift));
    all.push(best.box.splice(best.box.length >> 1));
  }
  return all;
}

function chunk(type, body) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(body.length, 0);
  ends.writeUInt32BE(crc(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}

/** The same picture with a palette. */
export function withPalette(png) {
  const picture = read(png);
  const { width, height } = picture;
  const colours = pixels(picture);
  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = Buffer.alloc(COLOURS * 3);
  const places = new Map();
  boxes(counts).forEach((box, place) => {
    // The commonest colour stands for its box: flat areas keep exactly theirs.
    const chief = box.reduce((a, b) => (counts.get(b) > counts.get(a) ? b : a));
    palette.writeUIntBE(chief, place * 3, 3);
    for (const colour of box) places.set(colour, place);
  });
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) lines[y * (width + 1) + 1 + x] = places.get(colours[y * width + x]);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
