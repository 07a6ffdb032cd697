import { phrase } from '../../shared/phrase'
import { nameOfHost } from './base-urls'
import { foundAccount, type Credential, type Reading } from './importer'
import { GEMINI, vendorAt } from './vendors'

export interface GeminiPlace {
  readonly from: string
  readonly place: string
  readonly name?: string | undefined
}

/** The account that Gemini CLI reaches with these variables (google-gemini/gemini-cli, docs/get-started/authentication). */
export function readGeminiEnv(env: ReadonlyMap<string, Credential>, { from, name, place }: GeminiPlace): Reading {
  const valueOf = (variable: string): string | undefined => env.get(variable)?.value
  if (/^(?:1|true)$/i.test(valueOf('GOOGLE_GENAI_USE_VERTEXAI') ?? '')) {
    const why = phrase('login_of_cloud', { program: 'Gemini CLI' })
    return { accounts: [], notCarried: [{ from, what: 'Google Vertex AI', why }] }
  }
  const credential = env.get('GEMINI_API_KEY') ?? env.get('GOOGLE_API_KEY') ?? null
  const given = valueOf('GOOGLE_GEMINI_BASE_URL')
  if (credential === null && given === undefined) return { accounts: [], notCarried: [] }
  const baseUrl = given ?? GEMINI.baseUrl
  const account = foundAccount({
    name: name ?? vendorAt(baseUrl)?.name ?? nameOfHost(baseUrl),
    ...{ protocol: GEMINI.protocol, baseUrl, credential, from, place },
    notes: credential === null ? [phrase('no_key_but_login')] : []
  })
  return { accounts: [account], notCarried: [] }
}

/** Texts of variables, each from a file. */
export const fromFile = (values: Readonly<Record<string, unknown>>): ReadonlyMap<string, Credential> =>
  new Map(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === 'string' && value.trim() !== '' ? [[name, { value: value.trim(), variable: null }] as const] : []
    )
  )
