const BEGIN = '<!-- results: begin (written by `npm run bench -- --write`) -->'
const END = '<!-- results: end -->'

/**
 * The document with `results` between its two marks.
 * @throws Error when the marks are not there
 */
export function withResults(document: string, results: string): string {
  const begin = document.indexOf(BEGIN)
  const end = document.indexOf(END)
  if (begin < 0 || end < begin) throw new Error('The document has no place for the results: its marks are missing')
  return `${document.slice(0, begin + BEGIN.length)}\n\n${results}\n\n${document.slice(end)}`
}
