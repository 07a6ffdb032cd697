import { z } from 'zod'
import { nearMiss } from './near-miss'
import type { Problem, ProblemRule } from './problem'
import { ruleCodeOf } from './rules'

export type { Problem }

type Path = readonly PropertyKey[]
type Node = z.core.JSONSchema.BaseSchema

/** `['channels', 1, 'priority']` → `channels[1].priority`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((written, part) => {
    if (typeof part === 'number') return `${written}[${part}]`
    const name = String(part)
    if (!/^[\w$-]+$/.test(name)) return `${written}[${JSON.stringify(name)}]`
    return written === '' ? name : `${written}.${name}`
  }, '')
}

const describe = (schema: z.ZodType): Node => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

function withoutNull(node: Node | undefined): Node | undefined {
  return node?.anyOf?.filter(isNode).find((option) => option.type !== 'null') ?? node
}

function childOf(node: Node | undefined, part: PropertyKey): Node | undefined {
  if (typeof part === 'number') return isNode(node?.items) ? node.items : undefined
  const property = Object.hasOwn(node?.properties ?? {}, part)
    ? node?.properties?.[String(part)]
    : node?.additionalProperties
  return isNode(property) ? property : undefined
}

const nodeAt = (schema: Node, path: Path): Node | undefined =>
  withoutNull(path.reduce<Node | undefined>((node, part) => childOf(withoutNull(node), part), schema))

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, part) : undefined),
    value
  )
}

function range(low: number | undefined, high: number | undefined): string {
  const from = low === undefined || low <= Number.MIN_SAFE_INTEGER ? undefined : low
  const to = high === undefined || high >= Number.MAX_SAFE_INTEGER ? undefined : high
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`
  if (from !== undefined) return ` of ${from} or more`
  return to === undefined ? '' : ` of ${to} or less`
}

function text(node: Node): string {
  const { minLength, maxLength } = node
  if (maxLength !== undefined) return `text of ${minLength ?? 0} to ${maxLength} characters`
  return minLength === undefined ? 'text' : 'text that is not empty'
}

/** What it may be besides null, which zod writes as `["string", "null"]`. */
const typeOf = ({ type }: Node) => (Array.isArray(type) ? type.find((one) => one !== 'null') : type)

/**
 * Tells which type a schema wants at a path (`integer`, `boolean`…); undefined where the schema knows no such path. The
 * schema is read when it is first asked: that takes as long as reading a config file, and most have no use for it.
 */
export function typesOf(schema: z.ZodType): (path: Path) => string | undefined {
  let described: Node | undefined
  return (path) => {
    described ??= describe(schema)
    const node = nodeAt(described, path)
    return node && typeOf(node)
  }
}

function allowed(node: Node): string | undefined {
  if (node.enum) return `one of ${node.enum.map((value) => JSON.stringify(value)).join(', ')}`
  if (node.const !== undefined) return JSON.stringify(node.const)
  switch (typeOf(node)) {
    case 'integer':
      return `a whole number${range(node.minimum, node.maximum)}`
    case 'number':
      return `a number${range(node.minimum, node.maximum)}`
    case 'string':
      return text(node)
    case 'boolean':
      return 'true or false'
    case 'array':
      return node.maxItems === undefined ? 'a list' : `a list of at most ${node.maxItems}`
    case 'object':
      return 'an object'
    default:
      return undefined
  }
}

function unknownKey(key: string, node: Node | undefined): string {
  const known = Object.keys(node?.properties ?? {})
  const meant = nearMiss(key, known)
  if (meant !== undefined) return `is not known; did you mean "${meant}"?`
  return known.length === 0 ? 'is not known; nothing may stand here' : `is not known; allowed are ${known.join(', ')}`
}

function messageOf(issue: z.core.$ZodIssue, schema: Node, input: unknown): string {
  if (issue.code === 'invalid_key') return `is no valid name: ${issue.issues[0]?.message ?? issue.message}`
  const node = nodeAt(schema, issue.path)
  const rule = node && allowed(node)
  // The schemas' own messages begin with a small letter, zod's with a capital.
  const own = /^[a-z]/.test(issue.message) ? issue.message : undefined
  if (valueAt(input, issue.path) === undefined) return `is required: ${own ?? `must be ${rule ?? 'given'}`}`
  return own ?? (rule === undefined ? issue.message : `must be ${rule}`)
}

const bounds = (min: number | undefined, max: number | undefined) => ({
  ...(min !== undefined && min > Number.MIN_SAFE_INTEGER && { min }),
  ...(max !== undefined && max < Number.MAX_SAFE_INTEGER && { max })
})

function ruleOf(issue: z.core.$ZodIssue, schema: Node): ProblemRule | undefined {
  const texts = issue.code === 'invalid_key' ? [issue.issues[0]?.message ?? ''] : [issue.message]
  const code = texts.map(ruleCodeOf).find((each) => each !== undefined)
  if (code !== undefined) return { kind: 'own', code }
  const node = issue.code === 'invalid_key' ? undefined : nodeAt(schema, issue.path)
  if (!node) return undefined
  if (node.enum) return { kind: 'one_of', values: node.enum.map(String) }
  switch (typeOf(node)) {
    case 'integer':
      return { kind: 'whole_number', ...bounds(node.minimum, node.maximum) }
    case 'number':
      return { kind: 'number', ...bounds(node.minimum, node.maximum) }
    case 'string':
      return { kind: 'text', ...bounds(node.minLength, node.maxLength) }
    case 'array':
      return { kind: 'list', ...bounds(node.minItems, node.maxItems) }
    default:
      return undefined
  }
}

/**
 * Every problem of a value that a schema refused, in the order of the schema's fields, each with its path and what is
 * allowed there. No value of the input is repeated, so no secret can be.
 */
export function problemsOf(schema: z.ZodType, error: z.ZodError, input: unknown): readonly Problem[] {
  const described = describe(schema)
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: formatPath([...issue.path, key]),
          message: unknownKey(key, nodeAt(described, issue.path)),
          rule: { kind: 'unknown' } as const
        }))
      : [
          {
            path: formatPath(issue.path),
            message: messageOf(issue, described, input),
            rule: ruleOf(issue, described)
          }
        ]
  )
}

/** `channels[1].priority: must be …`, as it is shown to people. */
export const formatProblem = ({ path, message }: Problem): string => (path === '' ? message : `${path}: ${message}`)
