import type { Quirks } from '../../shared/quirks'
import type { ToolChoice as MessagesToolChoice, ToolUnion } from './anthropic/wire'
import type { Conversation, ToolChoice } from './canonical'
import type { MessagesModel } from './claude-model'
import { memberOf, objectIn, textIn, type JsonObject } from './foreign-json'
import type { Losses } from './losses'

/** What `tool_choice` says of the tools, and of calling several at once. */
export function decodeChoice(body: JsonObject): {
  readonly toolChoice: ToolChoice | null
  readonly parallelTools: boolean | null
} {
  const choice = objectIn(body, 'tool_choice')
  const isDisabled = memberOf(choice, 'disable_parallel_tool_use')
  return { toolChoice: kindOfChoice(choice), parallelTools: typeof isDisabled === 'boolean' ? !isDisabled : null }
}

function kindOfChoice(choice: JsonObject | null): ToolChoice | null {
  const name = textIn(choice, 'name')
  switch (textIn(choice, 'type')) {
    case 'auto':
      return { kind: 'auto' }
    case 'any':
      return { kind: 'required' }
    case 'none':
      return { kind: 'none' }
    case 'tool':
      return name === null ? { kind: 'required' } : { kind: 'tool', name }
    default:
      return null
  }
}

/** A choice that demands a call, and fell with the last tool. */
function tellForced(choice: ToolChoice | null, losses: Losses): void {
  if (choice?.kind === 'required' || choice?.kind === 'tool') losses.add('tool_choice', choice.kind)
}

/** null: none is sent, as where there are no tools, since then it is refused. */
export function encodeChoice(
  { tools, toolChoice, parallelTools }: Conversation,
  encoded: readonly ToolUnion[],
  model: MessagesModel,
  quirks: Quirks,
  losses: Losses
): MessagesToolChoice | null {
  if (encoded.length === 0) {
    tellForced(toolChoice, losses)
    return null
  }
  if (tools.length === 0 || toolChoice?.kind === 'none') return { type: 'none' }
  const serial = encodeSerial(parallelTools, quirks, losses)
  if (toolChoice === null && serial === null) return null
  const mayForce = model.takesForcedTools && quirks.toolChoice !== 'auto'
  return { ...encodeKind(toolChoice, mayForce ? encoded : [], losses), ...serial }
}

function encodeSerial(parallelTools: boolean | null, quirks: Quirks, losses: Losses) {
  if (parallelTools !== false) return null
  if (quirks.dropsParallelTools !== true) return { disable_parallel_tool_use: true }
  losses.add('parallel_tools')
  return null
}

/** `forcible`: the tools that may be demanded. */
function encodeKind(choice: ToolChoice | null, forcible: readonly ToolUnion[], losses: Losses) {
  if (choice?.kind === 'required' && forcible.length > 0) return { type: 'any' as const }
  if (choice?.kind === 'tool' && forcible.some((tool) => 'name' in tool && tool.name === choice.name)) {
    return { type: 'tool' as const, name: choice.name }
  }
  if (choice?.kind === 'required') losses.add('tool_choice', 'required')
  if (choice?.kind === 'tool') losses.add('tool_choice', choice.name)
  return { type: 'auto' as const }
}
