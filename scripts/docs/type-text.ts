import type { z } from 'zod'

type Node = z.core.JSONSchema.BaseSchema

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

const name = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key))

/** The limits of a value and what leaving it out means, as a comment behind its line. */
function limits(node: Node): string {
  const range = (low: number | undefined, high: number | undefined, what: string): string[] => {
    const from = low !== undefined && low > Number.MIN_SAFE_INTEGER ? low : undefined
    const to = high !== undefined && high < Number.MAX_SAFE_INTEGER ? high : undefined
    if (from === undefined && to === undefined) return []
    if (from === undefined) return [`at most ${String(to)}${what}`]
    return [to === undefined ? `at least ${from}${what}` : `${from} to ${to}${what}`]
  }
  return [
    ...(node.type === 'integer' ? ['whole'] : []),
    ...range(node.minimum, node.maximum, ''),
    ...range(node.minLength, node.maxLength, ' characters'),
    ...range(node.minItems, node.maxItems, ' items'),
    ...(node.default === undefined ? [] : [`default ${JSON.stringify(node.default)}`])
  ].join(', ')
}

function objectText(node: Node): string {
  const required = new Set(node.required ?? [])
  const lines = Object.entries(node.properties ?? {}).flatMap(([key, property]) => {
    if (!isNode(property)) return []
    const note = limits(property)
    return [`${name(key)}${required.has(key) ? '' : '?'}: ${typeText(property)}${note === '' ? '' : ` // ${note}`}`]
  })
  if (isNode(node.additionalProperties) && Object.keys(node.additionalProperties).length > 0) {
    lines.push(`[name: string]: ${typeText(node.additionalProperties)}`)
  }
  if (lines.length > 0) return `{\n${lines.join('\n')}\n}`
  return node.additionalProperties === false ? 'Record<string, never>' : 'Record<string, unknown>'
}

const union = (options: readonly string[]): string => options.join(' | ')

function arrayText({ items }: Node): string {
  const item = isNode(items) ? typeText(items) : 'unknown'
  return item.includes(' | ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
}

function plainText(node: Node): string {
  if (Array.isArray(node.type)) return union(node.type)
  if (node.type === 'object') return objectText(node)
  if (node.type === 'array') return arrayText(node)
  return node.type === 'integer' ? 'number' : (node.type ?? 'unknown')
}

/** A JSON Schema as a TypeScript type, to be read by people. A shared shape is named, not repeated. */
export function typeText(node: Node): string {
  if (node.$ref !== undefined) return node.$ref.slice(node.$ref.lastIndexOf('/') + 1)
  if (node.enum) return union(node.enum.map((value) => JSON.stringify(value)))
  if (node.const !== undefined) return JSON.stringify(node.const)
  const options = node.anyOf ?? node.oneOf
  if (options) return union(options.map((option) => (isNode(option) ? typeText(option) : 'unknown')))
  return plainText(node)
}
