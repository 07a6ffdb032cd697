import { z } from 'zod'
import { phrase, type Phrase } from '../../../shared/phrase'
import { foundAccount, joinReadings, type Credential, type Reading, type SourceFile, type Variables } from '../importer'
import { readOpenCodeProvider } from '../opencode-provider'
import { parseJson } from '../parse-text'
import { UnreadableFile } from '../unreadable-file'
import { vendorNamed } from '../vendors'

const config = z.looseObject({
  provider: z.record(z.string(), z.unknown()).catch({}),
  disabled_providers: z.array(z.string()).catch([])
})
type Config = z.infer<typeof config>

/** `auth.json`: what was entered with `opencode auth login`, by provider. */
const entry = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('api'), key: z.string() }),
  z.looseObject({ type: z.literal('oauth') }),
  z.looseObject({ type: z.literal('wellknown') })
])
const auth = z.record(z.string(), entry)

interface Read {
  readonly path: string
  readonly config: Config | null
  readonly auth: z.infer<typeof auth>
}

function parse(source: SourceFile): Read {
  if (source.kind !== 'text') throw new UnreadableFile(phrase('file_is_database', { program: 'OpenCode' }))
  const value = parseJson(source.text)
  const keys = auth.safeParse(value)
  if (keys.success && Object.keys(keys.data).length > 0) return { path: source.path, config: null, auth: keys.data }
  const read = config.safeParse(value)
  if (!read.success) throw new UnreadableFile(phrase('file_not_opencode'))
  return { path: source.path, config: read.data, auth: {} }
}

const keyOf = (entered: z.infer<typeof entry> | undefined): Credential | null =>
  entered?.type === 'api' && entered.key.trim() !== '' ? { value: entered.key.trim(), variable: null } : null

/** An entered key of a provider that no config file says more of. */
function readEntry(id: string, entered: z.infer<typeof entry>, from: string): Reading {
  const lost = (why: Phrase): Reading => ({ accounts: [], notCarried: [{ from, what: id, why }] })
  if (entered.type === 'oauth') return lost(phrase('login_never'))
  if (entered.type === 'wellknown') return lost(phrase('login_of_organization'))
  const vendor = vendorNamed(id)
  if (vendor === undefined) return lost(phrase('provider_unknown'))
  const { baseUrl, name, protocol } = vendor
  const credential = keyOf(entered)
  return { accounts: [foundAccount({ name, protocol, baseUrl, credential, from, place: id })], notCarried: [] }
}

/** OpenCode's accounts: the providers of its config files, a later file over an earlier, with the keys that were entered. */
export function read(files: readonly SourceFile[], variables: Variables): Reading {
  const all = files.map(parse)
  const entered = new Map(all.flatMap(({ auth: keys }) => Object.entries(keys)))
  const providers = new Map(
    all.flatMap(({ config: said, path }) =>
      Object.entries(said?.provider ?? {}).map(([id, value]) => [id, { value, path }] as const)
    )
  )
  const disabled = new Set(all.flatMap(({ config: said }) => said?.disabled_providers ?? []))
  const enabled = (reading: Reading, id: string): Reading =>
    disabled.has(id) ? { ...reading, accounts: reading.accounts.map((one) => ({ ...one, enabled: false })) } : reading
  return joinReadings([
    ...[...providers].map(([id, { path, value }]) => {
      const place = { from: path, place: `provider.${id}` }
      return enabled(readOpenCodeProvider(id, value, keyOf(entered.get(id)), variables, place), id)
    }),
    ...all.flatMap(({ auth: keys, path }) =>
      Object.entries(keys)
        .filter(([id, one]) => !providers.has(id) || one.type !== 'api')
        .map(([id, one]) => enabled(readEntry(id, one, path), id))
    )
  ])
}
