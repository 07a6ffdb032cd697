import {
  apiErrorBody,
  type CallName,
  type CallParams,
  type CallResult,
  type StreamCallName
} from '../../src/shared/contract'

/** What the API refused, and how. */
export class ManagementError extends Error {
  readonly status: number
  readonly code: string
  readonly details: unknown

  constructor(status: number, code: string, message: string, details: unknown) {
    super(`${status} ${code}: ${message}`)
    this.status = status
    this.code = code
    this.details = details
  }
}

/** The management API as a page of the headless UI calls it. */
export class ManagementClient {
  readonly url: string
  readonly token: string

  constructor(url: string, token: string) {
    this.url = url
    this.token = token
  }

  /** @throws ManagementError with the API's own status and code */
  async call<N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>> {
    const response = await this.post(name, params)
    const body: unknown = await response.json()
    if (response.ok) return body as CallResult<N>
    const error = apiErrorBody.parse(body)
    throw new ManagementError(response.status, error.code, error.message, error.details)
  }

  /** A call whose answer is a stream, as text. */
  async stream(name: StreamCallName, params: object): Promise<string> {
    const response = await this.post(name, params)
    return response.text()
  }

  post(name: string, params: unknown): Promise<Response> {
    return fetch(`${this.url}/api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify(params)
    })
  }
}
