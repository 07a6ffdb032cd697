import { join } from 'node:path'
import type { Clock, Logger, Stop } from '../shared/ports'
import type { Gateway } from './api/gateway'
import { offeredModels, usualProtocolOf } from './api/offered-models'
import type { Machine } from './clients/client'
import type { ClientKeys } from './clients/client-keys'
import type { Clients, Crash } from './clients/clients'
import { Connections } from './clients/connections'
import { RecordStore } from './clients/record-store'
import { placeScriptIn, startProgram } from './clients/start-program'
import { Starter } from './clients/starter'
import type { Offer } from './clients/wish'
import type { ConfigStore, SecretBox } from './storage/ports'
import { seal, unseal } from './storage/secrets/seal'

export interface OpenClientsOptions {
  readonly dataDir: string
  readonly machine: Machine
  readonly hasDesktop: boolean
  readonly config: ConfigStore
  readonly gateway: Gateway
  readonly secretBox: SecretBox
  /** ms since 1970: when the Routex began that ended without stopping; null when the last one stopped. */
  readonly endedBadly: number | null
  readonly clock: Clock
  readonly logger: Logger
}

export interface OpenClients extends Clients {
  /** Tells of what a crash left; resolves when nothing of it stands beside the clients' files any more. */
  recover(): Promise<void>
  /** Restores the clients where the user chose so. */
  stop(): Promise<void>
}

function keysOf(config: ConfigStore): ClientKeys {
  return {
    text: (id) => config.clientKeySecret(id),
    knows: (text) => config.clientKeyViews().some(({ id }) => config.clientKeySecret(id) === text),
    view: (id) => config.clientKeyViews().find((key) => key.id === id),
    create: async (name) => (await config.createClientKey({ name, allowedChannels: null, budget: null })).key.id
  }
}

const offerOf = (config: ConfigStore, gateway: Gateway): Offer => ({
  url: () => gateway.status().url,
  usualProtocol: () => usualProtocolOf(config.enabledChannels()),
  models: (protocol) => offeredModels(config.enabledChannels(), protocol)
})

function crashOf(connections: Connections, endedBadly: number | null): Crash {
  let since = endedBadly
  return {
    told: async () => (since === null || (await connections.connected()).length === 0 ? null : { since }),
    settle: () => {
      since = null
    }
  }
}

/** Joins the clients with the rest of Routex: their files follow the gateway's address and their keys (B42). */
export function openClients(options: OpenClientsOptions): OpenClients {
  const { clock, config, dataDir, endedBadly, gateway, hasDesktop, logger, machine, secretBox } = options
  const folder = join(dataDir, 'clients')
  const offer = offerOf(config, gateway)
  const connections = new Connections({
    machine,
    records: new RecordStore({
      fs: machine.fs,
      folder,
      logger,
      sealer: {
        seal: (client, text) => seal(secretBox, `client-files:${client}`, text),
        unseal: (client, sealed) => unseal(secretBox, `client-files:${client}`, sealed)
      }
    }),
    keys: keysOf(config),
    offer,
    canLaunch: hasDesktop,
    clock,
    logger
  })
  const terminal = hasDesktop ? { start: startProgram, placeScript: placeScriptIn(folder) } : null
  const crash = crashOf(connections, endedBadly)

  /** What the clients' files were last brought to. */
  let url: string | null = null
  let following: Promise<void> = Promise.resolve()
  const follow = (): void => {
    following = following
      .then(() => connections.reconnect())
      .then(() => connections.follow())
      .catch((error: unknown) => logger.error('the clients could not follow the gateway', { error }))
  }
  const stops: readonly Stop[] = [
    gateway.onChange((status) => {
      if (status.url === null || status.url === url) return
      url = status.url
      follow()
    }),
    config.onChange(({ kind }) => {
      if (kind === 'client_key' && url !== null) follow()
    })
  ]

  return {
    connections,
    offer,
    crash,
    starter: new Starter({ machine, connections, offer, terminal }),
    recover: async () => {
      await connections.recover()
      if ((await crash.told()) === null) return
      const names = (await connections.connected()).map(({ client }) => client)
      logger.warn('Routex ended without stopping last time, and these clients stayed connected', { clients: names })
    },
    settled: () => following,
    stop: async () => {
      for (const stop of stops) stop()
      await following
      // One that never came on left the clients as the one before it did.
      if (url !== null && config.settings().clients.atQuit === 'restore') await connections.restoreAll()
    }
  }
}
