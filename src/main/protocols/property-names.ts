import type { Conversation, FunctionTool, Part, Tool } from './canonical'
import { isObject, objectIn, parseExactJson } from './foreign-json'
import type { Losses } from './losses'
import { objectSchema } from './object-schema'
import { renamedSchema } from './property-schema'
import { fittedName } from './tool-names'
import type { Translator } from './translator'

/** From the names of a tool's properties that go upstream back to the client's own, by the tool's name upstream. */
export type ClientKeys = ReadonlyMap<string, Keys>
type Keys = ReadonlyMap<string, string>

/**
 * The conversation with names of properties that the other side takes, in the tools and in the calls of its history. One
 * that it does not take makes it refuse every request of the session. Only those at the top are looked at there
 * (https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/issues/709).
 */
export function fitPropertyNames(
  conversation: Conversation,
  taken: Translator['propertyNames'],
  losses: Losses
): { readonly conversation: Conversation; readonly clientKeys: ClientKeys } {
  const clientKeys = new Map<string, Keys>()
  if (taken === null) return { conversation, clientKeys }
  const sentKeys = new Map<string, Keys>()
  const tools = conversation.tools.map((tool): Tool => {
    if (tool.kind === 'hosted') return tool
    const fitted = fitTool(tool, taken, losses)
    if (fitted === null) return tool
    sentKeys.set(tool.name, fitted.keys)
    return fitted.tool
  })
  if (sentKeys.size === 0) return { conversation, clientKeys }
  for (const [name, keys] of sentKeys) clientKeys.set(name, new Map(Array.from(keys, ([own, sent]) => [sent, own])))
  const renamed = (part: Part): Part => {
    if (part.type !== 'tool-call') return part
    const keys = sentKeys.get(part.name)
    return keys === undefined ? part : { ...part, input: withKeys(part.input, keys) }
  }
  const turns = conversation.turns.map((turn) => ({ ...turn, parts: turn.parts.map(renamed) }))
  return { conversation: { ...conversation, tools, turns }, clientKeys }
}

/** null where all are taken. Choices at the top are laid over one another first, as they would be for the vendor anyway. */
function fitTool(
  tool: FunctionTool,
  { pattern, longest }: NonNullable<Translator['propertyNames']>,
  losses: Losses
): { readonly tool: FunctionTool; readonly keys: Keys } | null {
  const { schema, isExact } = objectSchema(tool.parameters)
  const properties = objectIn(schema, 'properties') ?? {}
  const odd = Object.keys(properties).filter((name) => name.length > longest || !pattern.test(name))
  if (odd.length === 0) return null
  if (!isExact) losses.add('json_schema', tool.name)
  const keys = new Map(odd.map((name) => [name, fittedName(name, longest)]))
  const named = Object.entries(properties).map(([name, one]) => {
    const sent = keys.get(name)
    return [name, sent !== undefined && isObject(one) ? { title: name, ...one } : one]
  })
  const parameters = renamedSchema({ ...schema, properties: Object.fromEntries(named) }, keys)
  return { tool: { ...tool, parameters }, keys }
}

/** The JSON text of an object with other names; what is no such text stays. */
export function withKeys(text: string, keys: Keys): string {
  const json = parseExactJson(text)
  if (!isObject(json)) return text
  return JSON.stringify(Object.fromEntries(Object.entries(json).map(([name, one]) => [keys.get(name) ?? name, one])))
}
