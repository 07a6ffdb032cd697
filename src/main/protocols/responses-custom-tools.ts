import type { CustomInput, Tool } from './canonical'
import { takesCustomTools } from './openai-model'
import type { InputItem, RequestTool, RequestToolChoice } from './openai-responses/wire'
import { freeText } from './responses-calls'

/** Tools whose input is free text, as a client of Chat declared them and OpenAI takes them, by their names. */
export type CustomTools = ReadonlyMap<string, Extract<RequestTool, { readonly type: 'custom' }>>

/** None for models that take functions alone: https://platform.openai.com/docs/guides/function-calling#custom-tools */
export function customTools(tools: readonly Tool[], model: string): CustomTools {
  const found = new Map<string, Extract<RequestTool, { readonly type: 'custom' }>>()
  if (!takesCustomTools(model)) return found
  for (const tool of tools) {
    const declared = tool.kind === 'function' && tool.origin.kind === 'custom' ? tool.origin.declared : undefined
    if (tool.kind === 'function' && declared !== undefined) found.set(tool.name, definitionOf(tool.name, declared))
  }
  return found
}

const definitionOf = (name: string, { description, grammar }: CustomInput) => ({
  type: 'custom' as const,
  name,
  ...(description === '' ? {} : { description }),
  ...(grammar === null ? {} : { format: { type: 'grammar' as const, ...grammar } })
})

/** The items with calls of these tools, and what came of them, in the form that belongs to such a tool. */
export function withCustomCalls(items: InputItem[], custom: CustomTools): InputItem[] {
  if (custom.size === 0) return items
  const calls = new Set<string>()
  return items.map((item): InputItem => {
    if (item.type === 'function_call' && custom.has(item.name)) {
      calls.add(item.call_id)
      return { type: 'custom_tool_call', call_id: item.call_id, name: item.name, input: freeText(item.arguments) }
    }
    if (item.type === 'function_call_output' && calls.has(item.call_id)) {
      return { type: 'custom_tool_call_output', call_id: item.call_id, output: item.output }
    }
    return item
  })
}

export const customChoice = (choice: RequestToolChoice, custom: CustomTools): RequestToolChoice =>
  typeof choice === 'object' && 'name' in choice && custom.has(choice.name)
    ? { type: 'custom', name: choice.name }
    : choice
