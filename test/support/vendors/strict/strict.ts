import type { RecordedRequest, Script } from '../../fake-upstream'
import { json } from '../../scripts'
import type { Vendor } from '../vendors'
import { refuseMessages } from './anthropic'
import { refuseGemini } from './gemini'
import { refuseChat } from './openai-chat'
import { refuseResponses } from './openai-responses'

/** Why the vendor itself would answer 400 to this generate call; null where it would not. */
export function complaintAbout(vendor: Vendor, request: RecordedRequest): string | null {
  try {
    const body: unknown = JSON.parse(request.body.toString())
    switch (vendor.protocol) {
      case 'anthropic':
        if (request.headers['anthropic-version'] === undefined) throw new Error('anthropic-version: header is required')
        refuseMessages(body)
        return null
      case 'openai-chat':
        refuseChat(body)
        return null
      case 'openai-responses':
        refuseResponses(body)
        return null
      case 'gemini':
        refuseGemini(body, request.target)
        return null
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A vendor that refuses what the real one would, and tells the test of it. */
export function strictly(vendor: Vendor, script: Script, complaints: string[]): Script {
  return (exchange) => {
    const complaint = complaintAbout(vendor, exchange.request)
    if (complaint === null) return script(exchange)
    complaints.push(`${vendor.protocol}: ${complaint}`)
    return json(400, vendor.error(400, complaint))(exchange)
  }
}
