import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const bounds = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(960),
  height: z.int().min(640),
  maximized: z.boolean()
})
export type WindowBounds = z.infer<typeof bounds>

interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** What was kept at the last close; undefined when there is nothing that can be used. */
export function readBounds(file: string): WindowBounds | undefined {
  try {
    return bounds.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // A first start, or a file of another version: the window then opens where the system puts it.
    return undefined
  }
}

/** Throws when the file can't be written. */
export function writeBounds(file: string, value: WindowBounds): void {
  writeFileSync(file, JSON.stringify(value))
}

/** Where the window opens: as it was, while that can still be seen, else where the system puts it. */
export function placeOf(kept: WindowBounds | undefined, displays: readonly Rectangle[]) {
  if (kept === undefined) return { width: 1280, height: 800 }
  const { x, y, width, height } = kept
  return isReachable(kept, displays) ? { x, y, width, height } : { width, height }
}

/** Whether enough of the title bar lies on a display to take hold of: one may have been unplugged since. */
function isReachable(window: Rectangle, displays: readonly Rectangle[]): boolean {
  return displays.some((display) => {
    const width = Math.min(window.x + window.width, display.x + display.width) - Math.max(window.x, display.x)
    const top = window.y >= display.y && window.y <= display.y + display.height - 40
    return width >= 120 && top
  })
}
