/** A Markdown table, its columns padded so that it reads in a terminal too. The first column is text, the others numbers. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headers.map((header, column) =>
    Math.max(3, header.length, ...rows.map((row) => row[column]?.length ?? 0))
  )
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width, column)).join(' | ')} |`
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(headers), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n')
}

const pad = (cell: string, width: number, column: number): string =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width)

/** A number with so many decimals and thousands apart; a dash for what was not measured. */
export function figure(value: number | null | undefined, decimals = 0, unit = ''): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  const text = value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  return `${text}${unit}`
}

/** A difference, with its sign. */
export function added(value: number | null | undefined, decimals = 2): string {
  const text = figure(value, decimals)
  return text === '–' || text.startsWith('-') ? text : `+${text}`
}

export const percent = (share: number | null | undefined, decimals = 0): string =>
  figure(typeof share === 'number' ? share * 100 : null, decimals, ' %')
