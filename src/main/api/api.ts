import type { EventName, EventPayload } from '../../shared/contract'
import type { Stop } from '../../shared/ports'

/** A streamed answer: text in pieces, read as fast as the reader takes them. */
export interface TextStream {
  readonly contentType: string
  /** What a download is called. */
  readonly fileName: string
  readonly chunks: AsyncIterable<string>
}

/** The contract, implemented once and exposed over IPC and HTTP. Errors are ApiErrors. */
export interface Api {
  /** Validates the arguments and runs the call. Rejects with ApiError; `not_found` for a name that there is not. */
  call(name: string, params: unknown): Promise<unknown>
  /** A call whose answer is a stream. Throws ApiError like `call`. */
  stream(name: string, params: unknown): TextStream
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): Stop
  /** Ends every timer and subscription. */
  stop(): void
}
