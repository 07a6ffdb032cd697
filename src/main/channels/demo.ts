import type { Channel } from '../../shared/channel'
import { demoChannelId } from '../../shared/ids'
import { PROTOCOLS } from '../../shared/protocol'

/** The base URL of the built-in Demo: nothing is sent anywhere. */
const DEMO_BASE_URL = 'demo:'

/** The built-in Demo, once for each protocol: it answers offline until a first channel was ever saved. */
export const demoChannels: readonly Channel[] = Object.freeze(
  PROTOCOLS.map((protocol) =>
    Object.freeze({
      id: demoChannelId(protocol),
      name: 'Demo',
      slug: 'demo',
      protocol,
      baseUrl: DEMO_BASE_URL,
      models: Object.freeze(['*']),
      modelMap: Object.freeze({}),
      priority: 50,
      weight: 1,
      enabled: true,
      headers: Object.freeze({}),
      timeouts: Object.freeze({}),
      askForUsage: false,
      budget: null,
      prices: Object.freeze({}),
      priceMultiplier: 1,
      quirks: Object.freeze({}),
      managedBy: 'built-in' as const,
      credentialRevision: null
    })
  )
)
