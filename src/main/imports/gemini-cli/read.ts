import { z } from 'zod'
import { ENVIRONMENT } from '../../../shared/imports'
import { phrase } from '../../../shared/phrase'
import { fromFile, readGeminiEnv } from '../gemini-env'
import {
  joinReadings,
  type Credential,
  type NotCarried,
  type Reading,
  type SourceFile,
  type Variables
} from '../importer'
import { parseDotenv, parseJson } from '../parse-text'
import { variableOf } from '../references'
import { UnreadableFile } from '../unreadable-file'

const settings = z.looseObject({
  security: z
    .looseObject({ auth: z.looseObject({ selectedType: z.string().optional() }).optional() })
    .optional()
    .catch(undefined),
  /** As older versions had it. */
  selectedAuthType: z.string().optional().catch(undefined)
})

const SHELL = ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GEMINI_BASE_URL', 'GOOGLE_GENAI_USE_VERTEXAI'] as const

const isSettings = (text: string): boolean => /^\uFEFF?\s*[{/]/.test(text)

interface Text {
  readonly path: string
  readonly text: string
}

function textOf(source: SourceFile): Text {
  if (source.kind === 'text') return source
  throw new UnreadableFile(phrase('file_is_database', { program: 'Gemini CLI' }))
}

/** It is never taken: said when it is the one in use. */
function login({ path, text }: Text): readonly NotCarried[] {
  const parsed = settings.safeParse(parseJson(text))
  if (!parsed.success) throw new UnreadableFile(phrase('file_not_settings', { program: 'Gemini CLI' }))
  const type = parsed.data.security?.auth?.selectedType ?? parsed.data.selectedAuthType
  if (type === undefined || type === 'gemini-api-key') return []
  return [{ from: path, what: phrase('login'), why: phrase('login_of_google') }]
}

function shellEnv({ shell }: Variables): ReadonlyMap<string, Credential> {
  return new Map(
    SHELL.flatMap((name) => {
      const value = variableOf(shell, name)
      return value === undefined ? [] : [[name, { value, variable: name }] as const]
    })
  )
}

/** Gemini CLI's account: what it runs with, which is the shell's variables over those of the first `.env` that it has. */
export function read(files: readonly SourceFile[], variables: Variables): Reading {
  const texts = files.map(textOf)
  const [dotenv] = texts.filter(({ text }) => !isSettings(text))
  const shell = shellEnv(variables)
  const env = new Map([...fromFile(dotenv === undefined ? {} : parseDotenv(dotenv.text)), ...shell])
  const isShells = shell.has('GEMINI_API_KEY') || dotenv === undefined
  return joinReadings([
    readGeminiEnv(env, { from: isShells ? ENVIRONMENT : dotenv.path, place: 'variables' }),
    { accounts: [], notCarried: texts.filter(({ text }) => isSettings(text)).flatMap(login) }
  ])
}
