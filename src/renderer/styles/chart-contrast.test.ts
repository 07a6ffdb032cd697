import { expect, onTestFinished, test } from 'vitest'

type Rgb = readonly [number, number, number]

/** What the page makes of a token in that scheme, painted, 0 to 255. */
function painted(token: string, scheme: 'light' | 'dark'): Rgb {
  const host = document.createElement('span')
  host.style.colorScheme = scheme
  host.style.color = `var(${token})`
  document.body.append(host)
  onTestFinished(() => host.remove())
  const canvas = new OffscreenCanvas(1, 1).getContext('2d')
  if (canvas === null) throw new Error('no canvas')
  canvas.fillStyle = getComputedStyle(host).color
  canvas.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data
  return [red, green, blue]
}

/** WCAG 2.2, relative luminance. */
function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** WCAG 2.2, 1 to 21. */
function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const palette = Array.from({ length: 8 }, (_, index) => `--chart-${index + 1}`)
const greys = ['--chart-others', '--chart-none', '--chart-gone']
const bands = ['--band-1', '--band-2', '--band-3']

for (const scheme of ['light', 'dark'] as const) {
  test(`${scheme}: every colour of a chart is at least 3:1 on its surface`, () => {
    const surface = painted('--surface', scheme)
    for (const token of [...palette, ...greys, ...bands]) {
      expect(contrast(painted(token, scheme), surface), token).toBeGreaterThanOrEqual(3)
    }
  })

  test(`${scheme}: greys and bands are told apart by their lightness, and no colour of the palette is a grey`, () => {
    for (const family of [[...greys, '--chart-8'], bands]) {
      for (const [index, token] of family.entries()) {
        for (const other of family.slice(index + 1)) {
          expect(contrast(painted(token, scheme), painted(other, scheme)), `${token} ${other}`).toBeGreaterThan(1.35)
        }
      }
    }
    for (const token of palette.slice(0, 7)) {
      const color = painted(token, scheme)
      expect(Math.max(...color) - Math.min(...color), token).toBeGreaterThan(40)
    }
  })
}
