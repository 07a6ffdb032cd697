import { isAbsolute } from 'node:path'
import type { ClientEnvironment, ClientId, Shell } from '../../shared/clients'
import type { Launch, Machine, Wish } from './client'
import { ClientError } from './client-error'
import type { Connections } from './connections'
import { findProgram } from './find-program'
import { readClient } from './read-client'
import { clients } from './registry'
import { environmentText } from './shell-text'
import { surroundingsOf, type Asked } from './survey'
import { openTerminal, type TerminalParts } from './terminal'
import { wishFor, type Offer } from './wish'

export interface StarterOptions {
  readonly machine: Machine
  readonly connections: Connections
  readonly offer: Offer
  /** null: this program has no desktop to open a terminal on. */
  readonly terminal: Omit<TerminalParts, 'machine'> | null
}

interface Prepared {
  readonly launch: Launch
  readonly conflicts: ClientEnvironment['conflicts']
}

/** Starts clients with their environment alone, without touching a file of theirs. */
export class Starter {
  readonly #options: StarterOptions

  constructor(options: StarterOptions) {
    this.#options = options
  }

  /** Holds the client's key. @throws ClientError `gateway_off` */
  async environment(id: ClientId, shell: Shell, asked: Asked): Promise<ClientEnvironment> {
    const { command } = clients[id].program
    const { launch, conflicts } = await this.#prepare(id, asked)
    return {
      program: command,
      args: [...launch.args],
      variables: [...launch.variables],
      unset: [...launch.unset],
      text: environmentText(shell, command, launch),
      conflicts
    }
  }

  /** @throws ClientError `cannot_launch`, `not_found` (the program or a terminal), `gateway_off` */
  async launch(
    id: ClientId,
    asked: Asked
  ): Promise<{ readonly terminal: string; readonly conflicts: ClientEnvironment['conflicts'] }> {
    const { machine, terminal } = this.#options
    const { name, program } = clients[id]
    if (terminal === null) {
      const message = `A terminal can be opened by the desktop app alone; here use "routex run ${id}"`
      throw new ClientError('cannot_launch', message)
    }
    const found = await findProgram(machine, program.command, program.folders)
    if (found === null)
      throw new ClientError('not_found', `${name} was not found: ${program.command} is in no usual place`)
    const { launch, conflicts } = await this.#prepare(id, asked)
    const folder = asked.folder !== undefined && isAbsolute(asked.folder) ? asked.folder : machine.home
    return { terminal: await openTerminal({ ...terminal, machine }, { ...launch, program: found, folder }), conflicts }
  }

  async #prepare(id: ClientId, asked: Asked): Promise<Prepared> {
    const { machine, connections, offer } = this.#options
    const client = clients[id]
    const { options } = await connections.view(id)
    // Asked before a key is made for nothing.
    wishFor(client, offer, options, '')
    const wish: Wish = wishFor(client, offer, options, await connections.keyFor(id))
    const read = await readClient(machine, client)
    const surroundings = await surroundingsOf(machine, read, wish.url, asked)
    return { launch: client.launch(wish, read.documents), conflicts: [...client.launchConflicts(wish, surroundings)] }
  }
}
