import type { ClientConflict, ClientId, ClientOptions } from '../../shared/clients'
import type { ProtocolId } from '../../shared/protocol'
import type { FileSystem } from './file-system'
import type { FormatName } from './formats'
import type { KeyPath, Settings } from './formats/settings-format'
import type { Variables } from './variables'

/** Where a client runs. */
export interface Machine {
  readonly fs: FileSystem
  /** The user's own folder. */
  readonly home: string
  /** Of the Routex process. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
}

/** One file of a client's settings, by the name that its folder here calls it (`settings`, `env`). */
export interface ClientFile<Role extends string = string> {
  readonly role: Role
  readonly path: string
  readonly format: FormatName
  /** What Routex would write there is a convenience: a file that is too large to be changed is left alone. */
  readonly optional?: boolean
  /** A group that is named after Routex and is its own whole: where there was none before, restoring takes it out as one. */
  readonly entry?: KeyPath
  /** What the client's own parser refuses, of what ours takes. */
  readonly refuses?: {
    readonly comments?: boolean
    readonly trailingCommas?: boolean
    readonly byteOrderMark?: boolean
  }
}

/** Where a client's settings are on this machine. */
export interface Location {
  /** Its configuration folder. */
  readonly folder: string
  /** Variables that would move it. */
  readonly movedBy: readonly string[]
  readonly files: readonly ClientFile[]
  /** The user has an account of its makers signed in. */
  readonly hasLogin: boolean
}

/** The files' content by role; null: there is no such file. */
export type Documents = Readonly<Record<string, Settings | null>>

/** What a client is to be told. */
export interface Wish {
  /** The gateway's address, without a path. */
  readonly url: string
  /** The text of its key. */
  readonly key: string
  readonly protocol: ProtocolId
  readonly options: ClientOptions
  /** Names that channels of its protocol take, the first one the usual; never empty. */
  readonly models: readonly string[]
}

/** A key as Routex wants it; `undefined`: not there. */
export interface DesiredKey {
  readonly role: string
  readonly key: KeyPath
  readonly value: string | boolean | Readonly<Record<string, never>> | undefined
  readonly secret?: boolean
  /** Where the client is sent, and what it is sent with: the two go back together or not at all. */
  readonly part?: 'address' | 'credential'
}

/** Where the settings send it, as far as they say. */
export interface Lead {
  /** Without the path that the client needs behind it. */
  readonly url: string | null
  /** As it stands there, with that path. */
  readonly written: string | null
  readonly key: string | null
}

/** How it is started with its environment alone. */
export interface Launch {
  readonly args: readonly string[]
  readonly variables: readonly { readonly name: string; readonly value: string; readonly secret: boolean }[]
  readonly unset: readonly string[]
}

/** What conflicts are looked for with. */
export interface Surroundings {
  readonly machine: Machine
  readonly location: Location
  /** As the files are now. */
  readonly documents: Documents
  readonly variables: Variables
  /** The working folder, when one was named. */
  readonly workingFolder: string | null
  /** null while the gateway is off. */
  readonly url: string | null
}

/** One coding assistant. Every folder here holds the same files, one for each of these members. */
export interface Client {
  readonly id: ClientId
  /** As its makers write it. */
  readonly name: string
  /** The usual one first. */
  readonly protocols: readonly ProtocolId[]
  /** Names of the models that can be chosen for it (`haiku`). */
  readonly modelSlots: readonly string[]
  readonly program: {
    readonly command: string
    /** On npm. */
    readonly packageName: string
    /** Folders below the user's own where its installer puts it, beside the usual ones. */
    readonly folders: readonly string[]
  }
  /** detect.ts */
  locate(machine: Machine): Promise<Location>
  /** read.ts */
  leadOf(documents: Documents): Lead
  /** desired.ts. `documents`: as they would be without Routex. */
  desiredKeys(wish: Wish, documents: Documents, surroundings: Surroundings): readonly DesiredKey[]
  /** conflicts.ts */
  conflicts(surroundings: Surroundings): Promise<readonly ClientConflict[]>
  /** launch.ts. `documents`: as the files are now. */
  launch(wish: Wish, documents: Documents): Launch
  /** launch.ts: what in its files beats the environment that it is launched with. */
  launchConflicts(wish: Wish, surroundings: Surroundings): readonly ClientConflict[]
}
