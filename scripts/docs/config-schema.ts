import { z } from 'zod'
import { fileConfig } from '../../src/shared/config-file'
import { CONFIG_DESCRIPTIONS } from './describe-config'

type Node = z.core.JSONSchema.BaseSchema

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A text that a variable is filled into later can't be held to a length or a pattern yet. */
function allowVariables(node: Node): void {
  const { minLength, maxLength, pattern, format } = node
  if (node.type !== 'string' || [minLength, maxLength, pattern, format].every((rule) => rule === undefined)) return
  const strict = { minLength, maxLength, pattern }
  for (const rule of ['minLength', 'maxLength', 'pattern', 'format'] as const) Reflect.deleteProperty(node, rule)
  node.anyOf = [
    Object.fromEntries(Object.entries(strict).filter(([, rule]) => rule !== undefined)),
    { pattern: '\\$\\{' }
  ]
}

/** Numbers and switches may stand in a variable that is the whole value. */
function allowWholeVariables(node: Node): void {
  if (node.type !== 'integer' && node.type !== 'number' && node.type !== 'boolean') return
  const strict: Node = {}
  for (const rule of ['type', 'minimum', 'maximum'] as const) {
    if (node[rule] === undefined) continue
    Object.assign(strict, { [rule]: node[rule] })
    Reflect.deleteProperty(node, rule)
  }
  node.anyOf = [strict, { type: 'string', pattern: '^\\$\\{[^}]+\\}$' }]
}

/** Every property of the schema with its path, as `CONFIG_DESCRIPTIONS` names it. */
export function* pathsOf(node: Node, path = ''): Generator<readonly [string, Node]> {
  yield [path, node]
  yield* insideOf(node, path)
}

function* insideOf(node: Node, path: string): Generator<readonly [string, Node]> {
  for (const [name, property] of Object.entries(node.properties ?? {})) {
    if (isNode(property)) yield* pathsOf(property, path === '' ? name : `${path}.${name}`)
  }
  if (isNode(node.additionalProperties)) yield* pathsOf(node.additionalProperties, `${path}.*`)
  // What may be null as well.
  for (const option of node.anyOf ?? []) if (isNode(option)) yield* insideOf(option, path)
  if (isNode(node.items) && Object.keys(node.items).length > 0) yield* pathsOf(node.items, `${path}[]`)
}

/** The config file as a JSON Schema (draft 7, which editors know best). */
export function configSchema(): Node {
  const schema = z.toJSONSchema(fileConfig, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      allowVariables(jsonSchema)
      allowWholeVariables(jsonSchema)
    }
  })
  for (const [path, node] of pathsOf(schema)) {
    const description = CONFIG_DESCRIPTIONS[path]
    if (description !== undefined) node.description = description
  }
  return { title: 'Routex configuration', ...schema }
}
