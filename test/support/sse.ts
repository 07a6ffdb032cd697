/** An event as a client reads it. */
export interface ReadEvent {
  /** null without an `event:` line. */
  readonly name: string | null
  readonly data: string
}

/** The events of an SSE text, by the letter of the standard: comments go, an event without its blank line is none. */
export function readEvents(text: string): readonly ReadEvent[] {
  const blocks = text.replaceAll('\r\n', '\n').split('\n\n').slice(0, -1)
  return blocks.map(readEvent).filter((event) => event !== null)
}

function readEvent(block: string): ReadEvent | null {
  let name: string | null = null
  const data: string[] = []
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) name = line.slice(6).trim()
    else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
  }
  return data.length === 0 ? null : { name, data: data.join('\n') }
}
