export interface RawHead {
  readonly status: number
  /** Names in lower case; several values of one name joined as they came. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  /** Header lines as they came. */
  readonly lines: readonly string[]
}

type State =
  | { readonly at: 'head' }
  | { readonly at: 'length'; left: number }
  | { readonly at: 'chunk_size' }
  | { readonly at: 'chunk'; left: number }
  | { readonly at: 'chunk_end' }
  | { readonly at: 'trailers' }
  | { readonly at: 'until_close' }
  | { readonly at: 'done' }

function parseHead(text: string): RawHead {
  const [statusLine = '', ...lines] = text.split('\r\n')
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()])
  }
  return { status: Number(statusLine.split(' ')[1]), headers, lines }
}

/**
 * Reads one HTTP/1.1 answer from a socket's bytes and tells exactly how it ended: `complete` is true only when the
 * length was reached or the final chunk came. Interim answers (1xx) are kept apart. Linear in its input.
 */
export class HttpAnswerParser {
  head: RawHead | null = null
  readonly interim: RawHead[] = []
  readonly body: Buffer[] = []
  bodyBytes = 0
  complete = false
  #state: State = { at: 'head' }
  #rest: Buffer = Buffer.alloc(0)

  readonly method: string
  /** false: bytes of the body are counted and thrown away. */
  readonly keepBody: boolean

  constructor(method: string, keepBody: boolean) {
    this.method = method
    this.keepBody = keepBody
  }

  push(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    while (this.#step());
  }

  /** The other side ended its half: an answer without length and chunks is whole now. */
  end(): void {
    if (this.#state.at === 'until_close') this.complete = true
  }

  #step(): boolean {
    switch (this.#state.at) {
      case 'head':
        return this.#readHead()
      case 'length':
      case 'chunk':
        return this.#readCounted(this.#state)
      case 'chunk_size':
        return this.#readChunkSize()
      case 'chunk_end':
        return this.#takeLine() !== undefined && this.#become({ at: 'chunk_size' })
      case 'trailers':
        return this.#readTrailer()
      case 'until_close':
        return this.#takeBody(this.#rest.length)
      case 'done':
        return false
    }
  }

  #become(state: State): true {
    this.#state = state
    if (state.at === 'done') this.complete = true
    return true
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf('\r\n\r\n')
    if (end < 0) return false
    const head = parseHead(this.#rest.subarray(0, end).toString('latin1'))
    this.#rest = this.#rest.subarray(end + 4)
    if (head.status < 200 && head.status !== 101) {
      this.interim.push(head)
      return true
    }
    this.head = head
    return this.#become(this.#bodyState(head))
  }

  #bodyState(head: RawHead): State {
    const length = head.headers.get('content-length')?.[0]
    if (this.method === 'HEAD' || head.status === 204 || head.status === 304 || length === '0') return { at: 'done' }
    if (head.headers.get('transfer-encoding')?.[0]?.toLowerCase() === 'chunked') return { at: 'chunk_size' }
    return length === undefined ? { at: 'until_close' } : { at: 'length', left: Number(length) }
  }

  #readCounted(state: { readonly at: 'length' | 'chunk'; left: number }): boolean {
    const taken = Math.min(state.left, this.#rest.length)
    state.left -= taken
    this.#takeBody(taken)
    if (state.left > 0) return false
    return this.#become({ at: state.at === 'chunk' ? 'chunk_end' : 'done' })
  }

  #readChunkSize(): boolean {
    const line = this.#takeLine()
    if (line === undefined) return false
    const left = Number.parseInt(line, 16)
    return this.#become(left === 0 ? { at: 'trailers' } : { at: 'chunk', left })
  }

  #readTrailer(): boolean {
    const line = this.#takeLine()
    if (line === undefined) return false
    return line === '' ? this.#become({ at: 'done' }) : true
  }

  #takeLine(): string | undefined {
    const end = this.#rest.indexOf('\r\n')
    if (end < 0) return undefined
    const line = this.#rest.subarray(0, end).toString('latin1')
    this.#rest = this.#rest.subarray(end + 2)
    return line
  }

  /** false when nothing was left to take. */
  #takeBody(count: number): boolean {
    if (count === 0) return false
    if (this.keepBody) this.body.push(this.#rest.subarray(0, count))
    this.bodyBytes += count
    this.#rest = this.#rest.subarray(count)
    return this.#rest.length > 0
  }
}
