import type { Conversation, Part, Target, TextPart, ToolResultPart, Turn } from './canonical'
import { markMessages } from './chat-cache-marks'
import { joinAnswers } from './joined-turns'
import { NOTHING_SAID } from './nothing-said'
import { asContent, cached, encodeParts, encodeTexts, textPart } from './openai-chat/content'
import { encodeHistory } from './openai-chat/reasoning'
import { encodeCall, resultTexts } from './openai-chat/tools'
import type { AssistantParam, MessageParam, TextParam, UserPartParam } from './openai-chat/wire'
import { fitCallId, shortCallId } from './tool-ids'

/** The messages for a Chat Completions channel; never none. */
export function encodeMessages(conversation: Conversation, target: Target): readonly MessageParam[] {
  const writer = new MessageWriter(target)
  writer.system(conversation.system)
  for (const turn of joinAnswers(conversation.turns)) writer.turn(turn)
  writer.flush()
  if (target.quirks.takesCacheControl === true) markMessages(writer.messages, conversation, target.model)
  return writer.messages.length > 0 ? writer.messages : [{ role: 'user', content: NOTHING_SAID }]
}

/**
 * Results go first, each in a message of its own, and neighbours' results too before anything else: OpenAI refuses any other
 * message between a call and its results. What no `tool` message can hold follows in a user message.
 */
class MessageWriter {
  readonly messages: MessageParam[] = []
  readonly #target: Target
  #waiting: UserPartParam[] = []
  /** What the last user message was made of. */
  #lastUser: readonly UserPartParam[] = []

  constructor(target: Target) {
    this.#target = target
  }

  system(texts: readonly TextPart[]): void {
    const content = encodeTexts(texts, this.#target)
    if (content.length > 0) this.messages.push({ role: this.#target.quirks.systemRole ?? 'system', content })
  }

  turn({ role, parts }: Turn): void {
    if (role === 'user') {
      this.#user(parts)
      return
    }
    if (role === 'system') this.#lateSystem(parts.filter((part) => part.type === 'text'))
    else {
      this.flush()
      this.#assistant(parts)
    }
  }

  /** Writes what waits for a user message. */
  flush(): void {
    const parts = this.#waiting
    this.#waiting = []
    if (parts.length === 0) return
    const { systemOnlyFirst, noUserAfterTool } = this.#target.quirks
    const before = this.messages.at(-1)?.role
    if (before === 'user' && systemOnlyFirst === true) {
      this.messages.pop()
      parts.unshift(...this.#lastUser)
    }
    if (before === 'tool' && noUserAfterTool === true) this.messages.push({ role: 'assistant', content: 'OK.' })
    this.#lastUser = parts
    this.messages.push({ role: 'user', content: asContent(parts, this.#target) })
  }

  #lateSystem(texts: readonly TextPart[]): void {
    if (this.#target.quirks.systemOnlyFirst === true && this.messages.length > 0) {
      this.#user(texts.map((part) => ({ ...part, text: `<system>\n${part.text}\n</system>` })))
      return
    }
    this.flush()
    this.system(texts)
  }

  #user(parts: readonly Part[]): void {
    for (const part of parts) if (part.type === 'tool-result') this.#result(part)
    const said = parts.filter((part) => part.type === 'text' || part.type === 'media')
    if (said.length === 0) return
    this.#waiting.push(...encodeParts(said, this.#target))
    this.flush()
  }

  #result(part: ToolResultPart): void {
    const media = part.content.filter((one) => one.type === 'media')
    const shown = encodeParts(media, this.#target)
    const texts = encodeTexts(resultTexts(part), this.#target)
    const content = texts.length > 0 || shown.length === 0 ? texts : encodeTexts([SEE_BELOW], this.#target)
    const tool_call_id = this.#callId(part.callId)
    this.messages.push({ role: 'tool', tool_call_id, content: marked(content, part, this.#target) })
    if (shown.length === 0) return
    const from = `From the result of ${part.name || 'the call'} (${tool_call_id}):`
    this.#waiting.push({ type: 'text', text: from }, ...shown)
  }

  #assistant(parts: readonly Part[]): void {
    const calls = parts.filter((part) => part.type === 'tool-call')
    const reasoning = encodeHistory(parts, this.#target)
    const content = encodeTexts(this.#saidTexts(parts), this.#target)
    if (content.length === 0 && calls.length === 0) return
    const message: AssistantParam = {
      role: 'assistant',
      content: content.length === 0 ? null : content,
      ...reasoning.message,
      ...(calls.length > 0 && {
        tool_calls: calls.map((call, index) => ({
          ...encodeCall(call),
          id: this.#callId(call.id),
          ...reasoning.calls[index]
        }))
      })
    }
    this.messages.push(message)
  }

  #callId(id: string): string {
    return this.#target.quirks.shortCallIds === true ? shortCallId(id) : fitCallId(id)
  }

  /** A refusal goes as text: vendors other than OpenAI refuse its member. */
  #saidTexts(parts: readonly Part[]): readonly TextPart[] {
    return parts.flatMap((part) => {
      if (part.type === 'refusal') return [textPart(part.text)]
      return part.type === 'text' ? [part] : []
    })
  }
}

const SEE_BELOW = textPart('See the next user message.')

/** A result's own cache mark goes to its last text. */
function marked(content: string | TextParam[], { cache }: ToolResultPart, target: Target): string | TextParam[] {
  if (typeof content === 'string') return content
  const mark = cached(cache, target)
  return content.map((text, index) => (index === content.length - 1 ? { ...text, ...mark } : text))
}
