import type uPlot from 'uplot'

export type ChartKind = 'line' | 'area' | 'bars' | 'band'

export interface ChartSeries {
  /** Stable, so that a series that is hidden stays so. */
  readonly id: string
  readonly label: string
  /** A CSS colour, `var(--chart-3)` among them. */
  readonly color: string
  /** One for each time; null is a gap. */
  readonly values: readonly (number | null)[]
}

/** What is drawn: with `stacked`, each series on top of those before. */
export interface Drawing {
  readonly kind: ChartKind
  readonly stacked: boolean
  readonly series: readonly ChartSeries[]
}

/** Colours and fonts as the canvas takes them, read from the page. */
export interface Ink {
  readonly colors: readonly string[]
  readonly axis: string
  readonly grid: string
  readonly font: string
}

/** The next round number at or above: 1, 2, 2.5 or 5 times a power of ten. So the axis stands still while values move a little. */
export function roundUp(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10
  return step * power
}

/** Times in seconds, then the values of each series, stacked where that is asked for. */
export function toData(times: readonly number[], { series, stacked }: Drawing): uPlot.AlignedData {
  const below = new Array<number>(times.length).fill(0)
  const columns = series.map(({ values }) =>
    times.map((_, index) => {
      const value = values[index] ?? null
      if (!stacked) return value
      const sum = (below[index] ?? 0) + (value ?? 0)
      below[index] = sum
      return sum
    })
  )
  return [times.map((time) => time / 1000), ...columns]
}

/** Hex with alpha would need a parse; the canvas takes a mix just as well. */
const faded = (color: string, percent: number): string => `color-mix(in oklch, ${color} ${percent}%, transparent)`

/** Values between two gaps: no line reaches them, so each is a dot. */
function loneValues({ data }: uPlot, series: number): number[] {
  const values = data[series] ?? []
  const known = (index: number): boolean => (values[index] ?? null) !== null
  return [...values.keys()].filter((index) => known(index) && !known(index - 1) && !known(index + 1))
}

function seriesOptions(drawing: Drawing, ink: Ink, paths: uPlot.Series.PathBuilder | undefined): uPlot.Series[] {
  return drawing.series.map(({ label }, index) => {
    const color = ink.colors[index] ?? ink.axis
    const filled = drawing.kind === 'area' || drawing.kind === 'bars'
    return {
      label,
      stroke: color,
      width: drawing.kind === 'bars' ? 0 : 1.5,
      points: { show: drawing.kind !== 'bars', size: 4, fill: color, filter: loneValues },
      spanGaps: false,
      ...(filled && { fill: drawing.kind === 'bars' || drawing.stacked ? faded(color, 75) : faded(color, 14) }),
      ...(drawing.kind === 'bars' && paths && { paths })
    }
  })
}

/** Fills between neighbours: of a stack, so that each colour ends where the one below begins; of a band, its width. */
function bandOptions({ kind, stacked, series }: Drawing, ink: Ink): uPlot.Band[] {
  if (kind !== 'band' && !stacked) return []
  return series.slice(1).map((_, index): uPlot.Band => ({
    series: [index + 2, index + 1],
    fill: faded(ink.colors[index + 1] ?? ink.axis, kind === 'band' ? 16 : 75)
  }))
}

/** px */
const leastAxisSize = 52
const axisGap = 6

function cursorOf({ cursor, over }: uPlot): { readonly index: number; readonly left: number } | null {
  const { idx: index, left = -1 } = cursor
  if (index === null || index === undefined || left < 0) return null
  return { index, left: over.offsetLeft + left }
}

/**
 * What still runs is drawn lighter, or a number that has only begun would look like a drop: the last stretch of a line, the
 * last bar.
 */
function fadeLast(plot: uPlot, kind: ChartKind): void {
  const { data, ctx, bbox } = plot
  const [before, last] = [data[0].at(-2), data[0].at(-1)]
  if (before === undefined || last === undefined) return
  const from = Math.max(bbox.left, plot.valToPos(kind === 'bars' ? (before + last) / 2 : before, 'x', true))
  ctx.save()
  ctx.globalCompositeOperation = 'destination-out'
  ctx.globalAlpha = 0.6
  ctx.fillRect(from, 0, ctx.canvas.width - from, bbox.top + bbox.height)
  ctx.restore()
}

interface Frame {
  readonly width: number
  readonly height: number
  readonly syncKey: string | undefined
  readonly formatValue: (value: number) => string
  readonly formatTime: (at: number, stepMs: number) => string
  readonly bars: uPlot.Series.PathBuilder | undefined
  /** px from the left of the chart; null: it is outside. */
  readonly onCursor: (cursor: { readonly index: number; readonly left: number } | null) => void
  /** The range of the time axis, s. */
  readonly range: readonly [number, number] | null
  /** The last time is of something that still runs. */
  readonly unfinished: boolean
}

/** px: as wide as its widest label, so that none is cut; the same for all that are short, so that charts begin alike. */
function axisSize(plot: uPlot, labels: string[] | null): number {
  // uPlot scales the font for the screen, and with it what is measured.
  const [font] = plot.axes[1]?.font ?? []
  if (typeof font === 'string') plot.ctx.font = font
  const widths = (labels ?? []).map((label) => plot.ctx.measureText(label).width / devicePixelRatio)
  return Math.max(leastAxisSize, Math.ceil(axisGap + Math.max(0, ...widths)))
}

/** uPlot's options for a drawing in our own dress. */
export function chartOptions(drawing: Drawing, ink: Ink, frame: Frame): uPlot.Options {
  const axis = { stroke: ink.axis, font: ink.font, ticks: { show: false }, gap: axisGap }
  return {
    width: frame.width,
    height: frame.height,
    // Half a label of the time axis fits beside the last point.
    padding: [6, 16, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: drawing.kind !== 'bars', size: 6 },
      drag: { x: false, y: false },
      ...(frame.syncKey !== undefined && { sync: { key: frame.syncKey } })
    },
    scales: {
      x: { time: true, ...(frame.range && { range: () => [frame.range?.[0] ?? 0, frame.range?.[1] ?? 1] }) },
      y: { range: (_, __, max) => [0, roundUp(max)] }
    },
    axes: [
      {
        ...axis,
        size: 22,
        space: 64,
        grid: { show: false },
        values: (_, splits) => {
          const step = ((splits[1] ?? 0) - (splits[0] ?? 0)) * 1000
          return splits.map((split) => frame.formatTime(split * 1000, step))
        }
      },
      {
        ...axis,
        size: axisSize,
        space: 28,
        grid: { stroke: ink.grid, width: 1 },
        values: (_, splits) => splits.map((split) => frame.formatValue(split))
      }
    ],
    series: [{}, ...seriesOptions(drawing, ink, frame.bars)],
    bands: bandOptions(drawing, ink),
    hooks: {
      draw: frame.unfinished ? [(plot) => fadeLast(plot, drawing.kind)] : [],
      setCursor: [(plot) => frame.onCursor(cursorOf(plot))]
    }
  }
}
