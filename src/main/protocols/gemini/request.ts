import { isObject, listIn, memberOf, textIn, textsOf, without } from '../foreign-json'
import { replaceStrings } from '../json-edit'
import { elementSpans, memberSpan, pathSpan, type Span } from '../json-span'
import type { RequestFacts, Route } from '../protocol'

const textsInContent = (content: unknown): readonly string[] =>
  typeof content === 'string' ? [content] : textsOf(memberOf(content, 'parts'))

/** What routing needs of a generateContent request; model and streaming stand in its path. */
export function readRequest(route: Route, body: unknown): RequestFacts {
  const contents = listIn(body, 'contents')
  const firstUser = contents.find((content) => textIn(content, 'role') !== 'model')
  const system = memberOf(body, 'systemInstruction') ?? memberOf(body, 'system_instruction')
  return {
    model: null,
    stream: route.stream === true,
    sessionId: null,
    promptCacheKey: null,
    sessionText: [...textsInContent(system), ...textsInContent(firstUser)].join('\n'),
    hasAssistantTurn: contents.some((content) => textIn(content, 'role') === 'model'),
    stateId: textIn(body, 'cachedContent') ?? textIn(body, 'cached_content'),
    inThread: false,
    asksForUsage: true
  }
}

/** Google's own stand-in for a signature that is not to be had: https://ai.google.dev/gemini-api/docs/thought-signatures */
export const STAND_IN = 'skip_thought_signature_validator'

/** Gemini 3 and later: all names but those that tell an older version. */
export const isGemini3 = (model: string): boolean => !/\bgemini-[12]\b/.test(model)

/**
 * B14: the same contents without thought signatures. From Gemini 3 on a function call without one is refused, so there
 * (and for names that tell no version) calls get the stand-in, also those that had none. null when nothing changes.
 */
export function stripSignatures(body: unknown, model: string | null): unknown {
  if (!isObject(body)) return null
  const needsStandIn = isGemini3(model ?? '')
  const isRight = (part: unknown): boolean => signatureOf(part) === wantedFor(part, needsStandIn)
  const contents = listIn(body, 'contents')
  if (contents.every((content) => modelParts(content).every(isRight))) return null
  const sign = (part: unknown): unknown => (isRight(part) ? part : signedWith(wantedFor(part, needsStandIn), part))
  return {
    ...body,
    contents: contents.map((content) =>
      isObject(content) && isModels(content) ? { ...content, parts: listIn(content, 'parts').map(sign) } : content
    )
  }
}

/** `routex:` in base64, but for its last character, which the next byte decides on. */
const WRAPPED = Buffer.from('routex:').toString('base64').slice(0, 9)

/** Signatures are base64 in this protocol, so those of others are encoded (reasoning.ts). */
export const isWrappedHere = (signature: unknown): boolean =>
  typeof signature === 'string' && signature.startsWith(WRAPPED)

/** Signatures of other vendors: calls get the stand-in where they need one; a part that held nothing else goes. */
export function stripForeign(body: unknown, model: string | null): unknown {
  if (!isObject(body)) return null
  const isForeign = (part: unknown): boolean => isWrappedHere(signatureOf(part))
  const contents = listIn(body, 'contents')
  if (!contents.some((content) => listIn(content, 'parts').some(isForeign))) return null
  const needsStandIn = isGemini3(model ?? '')
  const clean = (part: unknown): readonly unknown[] => {
    if (!isForeign(part)) return [part]
    return memberOf(part, 'text') === '' ? [] : [signedWith(wantedFor(part, needsStandIn), part)]
  }
  return {
    ...body,
    contents: contents.flatMap((content) => withParts(content, listIn(content, 'parts').flatMap(clean)))
  }
}

/** A content that is left with no parts goes, one that never had any is its client's own. */
function withParts(content: unknown, parts: readonly unknown[]): readonly unknown[] {
  if (!isObject(content) || listIn(content, 'parts').length === 0) return [content]
  return parts.length === 0 ? [] : [{ ...content, parts }]
}

const isModels = (content: unknown): boolean => textIn(content, 'role') === 'model'

const modelParts = (content: unknown): readonly unknown[] => (isModels(content) ? listIn(content, 'parts') : [])

function wantedFor(part: unknown, needsStandIn: boolean): string | undefined {
  const isCall = isObject(memberOf(part, 'functionCall') ?? memberOf(part, 'function_call'))
  return needsStandIn && isCall ? STAND_IN : undefined
}

function signedWith(signature: string | undefined, part: unknown): unknown {
  if (!isObject(part)) return part
  const bare = without(part, 'thoughtSignature', 'thought_signature')
  return signature === undefined ? bare : { ...bare, thoughtSignature: signature }
}

const signatureOf = (part: unknown): unknown =>
  memberOf(part, 'thoughtSignature') ?? memberOf(part, 'thought_signature')

/** Embeddings, a batch of them, and a count of a whole request name their model a second time. */
export function renameModel(body: Buffer, sent: string): Buffer {
  const requests = memberSpan(body, 'requests')
  const elements = requests === null ? [] : elementSpans(body, requests.start)
  const named = [
    memberSpan(body, 'model'),
    pathSpan(body, 'generateContentRequest', 'model'),
    ...elements.map(({ start }) => memberSpan(body, 'model', start))
  ]
  const isThere = (span: Span | null): span is Span => span !== null
  return replaceStrings(body, named.filter(isThere), sent.includes('/') ? sent : `models/${sent}`)
}
