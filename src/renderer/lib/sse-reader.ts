export interface ServerEvent {
  readonly name: string
  readonly data: string
}

/** Cuts a stream of text into server-sent events (HTML Living Standard, 9.2.6), for a `fetch` that carries a header. */
export async function* readServerEvents(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<ServerEvent> {
  let rest = ''
  let name = 'message'
  let data: string[] = []
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { name, data: data.join('\n') }
        name = 'message'
        data = []
      } else if (line.startsWith('event:')) name = fieldValue(line, 'event:')
      else if (line.startsWith('data:')) data.push(fieldValue(line, 'data:'))
    }
  }
}

function fieldValue(line: string, field: string): string {
  return line.slice(line.startsWith(`${field} `) ? field.length + 1 : field.length)
}
