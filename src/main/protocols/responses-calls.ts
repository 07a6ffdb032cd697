import type { ToolCallPart, ToolOrigin } from './canonical'
import { isObject, listIn, memberOf, numberIn, objectIn, parseJson, textIn } from './foreign-json'
import { JsonStringMember } from './json-string-member'
import type { LocalShellAction, PatchOperation, ResponseOutputItem, ShellAction } from './openai-responses/wire'

/** Calls as a client of Responses gets them, each in the form in which it declared the tool. */

export const PLAIN: ToolOrigin = { kind: 'function' }

/** Whether it is called with free text. */
export const isFree = (origin: ToolOrigin): boolean =>
  origin.kind === 'custom' || (origin.kind === 'namespaced' && origin.custom)

const PREFIXES = { local_shell: 'lsh', shell: 'sh', apply_patch: 'apc' } as const

/** Of an item's id. */
export const callPrefix = (origin: ToolOrigin): string =>
  origin.kind === 'local_shell' || origin.kind === 'shell' || origin.kind === 'apply_patch'
    ? PREFIXES[origin.kind]
    : isFree(origin)
      ? 'ctc'
      : 'fc'

/** A call as its client declared the tool. */
export function callItem(
  { id: call_id, name, input }: Pick<ToolCallPart, 'id' | 'name' | 'input'>,
  origin: ToolOrigin,
  id: string,
  status: 'in_progress' | 'completed' | 'incomplete'
): ResponseOutputItem {
  switch (origin.kind) {
    case 'local_shell':
      return { id, type: 'local_shell_call', call_id, action: localShellAction(input), status }
    case 'shell':
      return { id, type: 'shell_call', call_id, action: shellAction(input), environment: { type: 'local' }, status }
    case 'apply_patch':
      return {
        id,
        type: 'apply_patch_call',
        call_id,
        operation: patchOperation(input),
        status: status === 'completed' ? 'completed' : 'in_progress'
      }
    case 'function':
    case 'custom':
    case 'namespaced': {
      const named = origin.kind === 'namespaced' ? { name: origin.name, namespace: origin.namespace } : { name }
      return isFree(origin)
        ? { id, type: 'custom_tool_call', call_id, ...named, ...freeInput(input, status) }
        : { id, type: 'function_call', call_id, ...named, arguments: input, status }
    }
  }
}

/** The vendor says `completed` of no call with free text; of one that breaks off, the text as far as it came. */
const freeInput = (input: string, status: 'in_progress' | 'completed' | 'incomplete') =>
  status === 'completed' ? { input: freeText(input) } : { input: new JsonStringMember('input').push(input), status }

/** `cut`: the answer was, so that what is no object may be the beginning of one, or of a number. */
export function isWholeInput(input: string, cut: boolean): boolean {
  const json = parseJson(input)
  return cut ? isObject(json) : json !== undefined
}

const stringsIn = (value: unknown, key: string): string[] => {
  const one = textIn(value, key)
  return one === null ? listIn(value, key).filter((each) => typeof each === 'string') : [one]
}

/** A model may give a shell line where a command with its arguments is wanted. */
function localShellAction(input: string): LocalShellAction {
  const action = parseJson(input)
  const line = textIn(action, 'command')
  const env = Object.entries(objectIn(action, 'env') ?? {}).map(([name, value]) => [name, String(value)] as const)
  return {
    type: 'exec',
    command: line === null ? stringsIn(action, 'command') : ['bash', '-lc', line],
    env: Object.fromEntries(env),
    timeout_ms: numberIn(action, 'timeout_ms'),
    user: textIn(action, 'user'),
    working_directory: textIn(action, 'working_directory')
  }
}

function shellAction(input: string): ShellAction {
  const action = parseJson(input)
  return {
    commands: stringsIn(action, 'commands'),
    timeout_ms: numberIn(action, 'timeout_ms'),
    max_output_length: numberIn(action, 'max_output_length')
  }
}

function patchOperation(input: string): PatchOperation {
  const operation = parseJson(input)
  const path = textIn(operation, 'path') ?? ''
  const type = memberOf(operation, 'type')
  if (type === 'delete_file') return { type, path }
  return { type: type === 'create_file' ? type : 'update_file', path, diff: textIn(operation, 'diff') ?? '' }
}

/**
 * The free text of a call whose tool was declared `custom`: the `input` that its function was to be called with. A model
 * that names its only argument otherwise means the same; what is no such object is the text itself.
 */
export function freeText(input: string): string {
  const json = parseJson(input)
  if (!isObject(json)) return typeof json === 'string' ? json : input
  const named = memberOf(json, 'input')
  if (typeof named === 'string') return named
  const [only, ...others] = Object.values(json)
  return typeof only === 'string' && others.length === 0 ? only : input
}
