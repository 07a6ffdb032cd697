import { isLoopbackHost } from './loopback'
import { presets, type Preset, type PresetEndpoint } from './presets'
import type { ProtocolId } from './protocol'
import type { Quirks } from './quirks'

interface Address {
  readonly protocol: ProtocolId
  readonly baseUrl: string
}

/** A preset's endpoint with the addresses that are its own: its host's alone, or its whole base URL's. */
interface Known {
  readonly endpoint: PresetEndpoint
  readonly pattern: RegExp
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** `https://{resource}.example.com/v1` as what it is when filled in; up to its path where `whole` is false. */
function patternOf(template: string, whole: boolean): string {
  const [address = template] = whole ? [template] : (/^https?:\/\/[^/]+/.exec(template) ?? [])
  const places = address.split(/\{[a-z]+\}/).map(escaped)
  return `${places.join('[\\w.:-]+')}${whole ? '/*$' : '(?:[:/?#]|$)'}`
}

/**
 * With a path of its own behind the base URL only that base URL is meant: behind another the path would lead astray. What listens
 * on this machine can't be told from its port.
 */
function knownOf({ fields, endpoints }: Preset): readonly Known[] {
  return endpoints.flatMap((endpoint) => {
    const whole = endpoint.quirks.path !== undefined
    const variants = [
      endpoint.baseUrl,
      ...fields.flatMap(({ leavesOut }) => (leavesOut ? [endpoint.baseUrl.replace(leavesOut.text, '')] : []))
    ]
    const host = URL.parse(endpoint.baseUrl.replaceAll(/\{[a-z]+\}/g, 'x'))?.hostname ?? ''
    if (isLoopbackHost(host)) return []
    const pattern = new RegExp(`^(?:${variants.map((each) => patternOf(each, whole)).join('|')})`, 'i')
    return [{ endpoint, pattern }]
  })
}

const known = presets.flatMap(knownOf)

/** The preset's endpoint that an address belongs to, by its protocol and host; undefined for nobody's. */
export function endpointOf({ protocol, baseUrl }: Address): PresetEndpoint | undefined {
  return known.find(({ endpoint, pattern }) => endpoint.protocol === protocol && pattern.test(baseUrl))?.endpoint
}

/** What is known of the vendor behind an address; {} where nothing is. */
export const quirksAt = (address: Address): Quirks => endpointOf(address)?.quirks ?? {}
