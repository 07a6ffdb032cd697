import { isList, memberOf, numberIn, objectIn, textIn } from './foreign-json'

/**
 * Reading the JSON of protocol buffers, which Google's services take with each member under its JSON name
 * (`systemInstruction`) or its proto name (`system_instruction`): https://protobuf.dev/programming-guides/json/.
 * Members are asked for by their JSON names.
 */
const protoNames = new Map<string, string>()

function protoName(name: string): string {
  const known = protoNames.get(name)
  if (known !== undefined) return known
  const made = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  protoNames.set(name, made)
  return made
}

type Read<T> = (value: unknown, name: string) => T

const underEither =
  <T>(read: Read<T | null>): Read<T | null> =>
  (value, name) =>
    read(value, name) ?? read(value, protoName(name))

export const objectNamed = underEither(objectIn)
export const textNamed = underEither(textIn)
export const numberNamed = underEither(numberIn)

/** undefined where there is none, or where it is null, which is the same in this JSON. */
export const memberNamed: Read<unknown> = (value, name) =>
  memberOf(value, name) ?? memberOf(value, protoName(name)) ?? undefined

/** A list, or the one value that stands for a list of itself: Google's parsers take both. Empty where there is neither. */
export function listNamed(value: unknown, name: string): readonly unknown[] {
  const member = memberNamed(value, name)
  if (member === undefined) return []
  return isList(member) ? member : [member]
}
