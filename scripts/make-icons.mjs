// node scripts/make-icons.mjs: draws Routex's own mark (src/renderer/components/Mark.svelte) as the tray's and the app's
// icons. The results are committed, so nobody needs to run this but who changes the mark.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { root } from './setup/machine.mjs'

/** @typedef {readonly [red: number, green: number, blue: number]} Colour */
/** @typedef {{ readonly covers: (x: number, y: number) => boolean, readonly colour: Colour | null, readonly opacity: number }} Shape a null colour cuts out */

const indigo = /** @type {Colour} */ ([101, 104, 240])
const white = /** @type {Colour} */ ([255, 255, 255])
const black = /** @type {Colour} */ ([0, 0, 0])
const grey = /** @type {Colour} */ ([140, 143, 152])
const amber = /** @type {Colour} */ ([230, 152, 40])
const red = /** @type {Colour} */ ([229, 72, 64])

/** @param {number} cx @param {number} cy @param {number} radius */
const disc = (cx, cy, radius) => (/** @type {number} */ x, /** @type {number} */ y) =>
  (x - cx) ** 2 + (y - cy) ** 2 <= radius ** 2

/** @param {number} left @param {number} top @param {number} width @param {number} height @param {number} radius */
const roundedRectangle = (left, top, width, height, radius) => (/** @type {number} */ x, /** @type {number} */ y) => {
  const dx = Math.max(left + radius - x, x - (left + width - radius), 0)
  const dy = Math.max(top + radius - y, y - (top + height - radius), 0)
  return dx ** 2 + dy ** 2 <= radius ** 2
}

/** @param {readonly number[]} from @param {readonly number[]} c1 @param {readonly number[]} c2 @param {readonly number[]} to */
function curve([x0 = 0, y0 = 0], [x1 = 0, y1 = 0], [x2 = 0, y2 = 0], [x3 = 0, y3 = 0]) {
  return Array.from({ length: 17 }, (_, step) => {
    const t = step / 16
    const u = 1 - t
    return [
      u ** 3 * x0 + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t ** 3 * x3,
      u ** 3 * y0 + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t ** 3 * y3
    ]
  })
}

/** The mark on its 16 × 16 grid: one way in that forks to two channels. */
const strokes = [
  [...curve([4, 8], [4.8, 8], [5.5, 8], [6.2, 8]), ...curve([6.2, 8], [8.2, 8], [8.3, 4], [10.5, 4]), [11.5, 4]],
  [...curve([6.2, 8], [8.2, 8], [8.3, 12], [10.5, 12]), [11.5, 12]]
]
const nodes = [disc(3.25, 8, 2.25), disc(12.75, 4, 2.25), disc(12.75, 12, 2.25)]

/** Squared distance from a point to a segment. @param {number} x @param {number} y @param {readonly number[]} from @param {readonly number[]} to */
function distance2(x, y, [x0 = 0, y0 = 0], [x1 = 0, y1 = 0]) {
  const length2 = (x1 - x0) ** 2 + (y1 - y0) ** 2
  const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length2))
  return (x - x0 - along * (x1 - x0)) ** 2 + (y - y0 - along * (y1 - y0)) ** 2
}

/** @param {number} x @param {number} y */
function mark(x, y) {
  if (nodes.some((node) => node(x, y))) return true
  if (x < 3 || x > 13 || y < 3 || y > 13) return false
  return strokes.some((stroke) =>
    stroke.some((point, index) => distance2(x, y, point, stroke[index + 1] ?? point) <= 0.875 ** 2)
  )
}

/** The mark's three states beside plain *on*, each told by its shape as well as by its colour. */
const corner = disc(12.4, 12.4, 4.4)
const pauseBars = [roundedRectangle(9.6, 9.4, 2, 6, 0.6), roundedRectangle(13, 9.4, 2, 6, 0.6)]
/** @param {Colour | null} template one colour for all, as macOS wants it */
const trayStates = (template) => ({
  on: [{ covers: mark, colour: template ?? indigo, opacity: 1 }],
  paused: [
    { covers: mark, colour: template ?? indigo, opacity: 1 },
    { covers: corner, colour: null, opacity: 1 },
    ...pauseBars.map((covers) => ({ covers, colour: template ?? amber, opacity: 1 }))
  ],
  off: [{ covers: mark, colour: template ?? grey, opacity: template ? 0.4 : 0.75 }],
  trouble: [
    { covers: mark, colour: template ?? indigo, opacity: 1 },
    { covers: corner, colour: null, opacity: 1 },
    { covers: disc(12.4, 12.4, 3.2), colour: template ?? red, opacity: 1 }
  ]
})

/** @type {readonly Shape[]} */
const appIcon = [
  { covers: roundedRectangle(1.5, 1.5, 13, 13, 3), colour: indigo, opacity: 1 },
  { covers: (x, y) => mark((x - 8) / 0.6 + 8, (y - 8) / 0.6 + 8), colour: white, opacity: 1 }
]

/**
 * RGBA pixels, each the mean of many samples.
 * @param {readonly Shape[]} shapes @param {number} size px
 */
function draw(shapes, size) {
  const samples = size > 64 ? 3 : 8
  const pixels = Buffer.alloc(size * size * 4)
  for (let pixel = 0; pixel < size * size; pixel++) {
    const sum = [0, 0, 0, 0]
    for (let sample = 0; sample < samples ** 2; sample++) {
      const x = (((pixel % size) + ((sample % samples) + 0.5) / samples) * 16) / size
      const y = ((Math.floor(pixel / size) + (Math.floor(sample / samples) + 0.5) / samples) * 16) / size
      const top = shapes.findLast(({ covers }) => covers(x, y))
      if (!top?.colour) continue
      top.colour.forEach((value, channel) => (sum[channel] = (sum[channel] ?? 0) + value * top.opacity))
      sum[3] = (sum[3] ?? 0) + top.opacity
    }
    const alpha = sum[3] ?? 0
    if (alpha === 0) continue
    for (let channel = 0; channel < 3; channel++) pixels[pixel * 4 + channel] = Math.round((sum[channel] ?? 0) / alpha)
    pixels[pixel * 4 + 3] = Math.round((alpha / samples ** 2) * 255)
  }
  return pixels
}

/** @param {Buffer} pixels RGBA @param {number} size */
function png(pixels, size) {
  /** @param {string} type @param {Buffer} data */
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const frame = Buffer.alloc(body.length + 8)
    frame.writeUInt32BE(data.length, 0)
    body.copy(frame, 4)
    frame.writeUInt32BE(crc32(body), body.length + 4)
    return frame
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const rows = Buffer.alloc(size * (size * 4 + 1))
  for (let row = 0; row < size; row++) pixels.copy(rows, row * (size * 4 + 1) + 1, row * size * 4, (row + 1) * size * 4)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0))
  ])
}

/**
 * An .icns: a table of PNGs by the type that stands for their size (Apple's icon image format).
 * @param {(size: number) => Buffer} image
 */
function icns(image) {
  const types = {
    icp4: 16,
    icp5: 32,
    ic07: 128,
    ic08: 256,
    ic09: 512,
    ic10: 1024,
    ic11: 32,
    ic12: 64,
    ic13: 256,
    ic14: 512
  }
  const entries = Object.entries(types).map(([type, size]) => {
    const body = image(size)
    const head = Buffer.alloc(8)
    head.write(type, 'latin1')
    head.writeUInt32BE(body.length + 8, 4)
    return Buffer.concat([head, body])
  })
  const file = Buffer.concat([Buffer.from('icns\0\0\0\0', 'latin1'), ...entries])
  file.writeUInt32BE(file.length, 4)
  return file
}

/**
 * An .ico: a directory of PNGs, as Windows takes them since Vista; a width of 256 is written as 0.
 * @param {(size: number) => Buffer} image
 */
function ico(image) {
  const sizes = [16, 24, 32, 48, 64, 128, 256]
  const images = sizes.map((size) => image(size))
  const directory = Buffer.alloc(6 + 16 * sizes.length)
  directory.writeUInt16LE(1, 2)
  directory.writeUInt16LE(sizes.length, 4)
  let offset = directory.length
  for (const [index, body] of images.entries()) {
    const at = 6 + 16 * index
    const width = (sizes[index] ?? 0) % 256
    directory.set([width, width, 0, 0], at)
    directory.writeUInt16LE(1, at + 4)
    directory.writeUInt16LE(32, at + 6)
    directory.writeUInt32LE(body.length, at + 8)
    directory.writeUInt32LE(offset, at + 12)
    offset += body.length
  }
  return Buffer.concat([directory, ...images])
}

/** @param {string} file @param {readonly Shape[]} shapes @param {number} size */
function write(file, shapes, size) {
  writeFileSync(join(root, file), png(draw(shapes, size), size))
}

mkdirSync(join(root, 'resources', 'tray'), { recursive: true })
mkdirSync(join(root, 'build'), { recursive: true })
for (const [state, shapes] of Object.entries(trayStates(null)))
  for (const scale of [1, 1.5, 2])
    write(`resources/tray/${state}${scale === 1 ? '' : `@${scale}x`}.png`, shapes, 16 * scale)
for (const [state, shapes] of Object.entries(trayStates(black)))
  for (const scale of [1, 2])
    write(`resources/tray/${state}Template${scale === 1 ? '' : `@${scale}x`}.png`, shapes, 16 * scale)
write('resources/icon.png', appIcon, 256)

/** The app's icon in each size that an installer takes, drawn once. @type {Map<number, Buffer>} */
const drawn = new Map()
const sized = (/** @type {number} */ size) => {
  const image = drawn.get(size) ?? png(draw(appIcon, size), size)
  drawn.set(size, image)
  return image
}
mkdirSync(join(root, 'build', 'icons'), { recursive: true })
for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024])
  writeFileSync(join(root, 'build', 'icons', `${size}x${size}.png`), sized(size))
writeFileSync(join(root, 'build', 'icon.icns'), icns(sized))
writeFileSync(join(root, 'build', 'icon.ico'), ico(sized))
