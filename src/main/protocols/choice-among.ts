import type { FunctionTool, ToolChoice } from './canonical'
import type { Losses } from './losses'

/** The choice as it can be sent with these functions: one that names none of them is lost, since it would be refused. */
export function choiceAmong(
  choice: ToolChoice | null,
  functions: readonly FunctionTool[],
  losses: Losses
): ToolChoice | null {
  if (choice?.kind !== 'tool' || functions.some(({ name }) => name === choice.name)) return choice
  losses.add('tool_choice', choice.name)
  return null
}
