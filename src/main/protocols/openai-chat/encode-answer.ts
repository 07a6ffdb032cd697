import { randomUUID } from 'node:crypto'
import type { Citation, MediaPart, ToolCallPart } from '../canonical'
import type { Answer, AnswerPart, Asked } from '../canonical-answer'
import type { JsonObject } from '../foreign-json'
import { dataUrl } from './content'
import { usesFunctions } from './decode-request'
import { encodeFinish } from './finish'
import { detailsOf, SignatureTrail } from './reasoning'
import { encodeCall, freeTextOf } from './tools'
import { encodeUsage } from './usage'
import type { Annotation, AnswerAdditions, AnswerMessage, AnswerToolCall, ChatCompletion, ExtraContent } from './wire'

/** A whole chat completion for a client: https://platform.openai.com/docs/api-reference/chat/object */
export function encodeAnswer(answer: Answer, asked: Asked): JsonObject {
  const { finish } = answer
  const message = encodeMessage(answer.parts, asked)
  const said = { calls: message.tool_calls !== undefined, refused: message.refusal !== null }
  const isLegacy = message.function_call !== undefined && finish.reason === 'tool_calls'
  const completion: Omit<ChatCompletion, 'choices'> = {
    id: completionId(answer.id),
    object: 'chat.completion',
    created: Math.floor(asked.now / 1000),
    model: asked.model,
    ...(finish.usage !== null && { usage: encodeUsage(finish.usage) })
  }
  const finish_reason = isLegacy ? 'function_call' : encodeFinish(finish.reason, said)
  return { ...completion, choices: [{ index: 0, message, logprobs: null, finish_reason }] }
}

/** In OpenAI's form, made from the upstream's where it has one. */
export function completionId(id: string): string {
  if (id.startsWith('chatcmpl-')) return id
  const fit = id.replace(/^(?:msg|resp|gen)[_-]/, '').replaceAll(/[^\w-]/g, '')
  return `chatcmpl-${fit === '' ? randomUUID().replaceAll('-', '') : fit}`
}

/** The tool's input is free text by the client's own declaration. */
export const isCustom = (name: string, { tools }: Asked): boolean =>
  tools.some((tool) => tool.name === name && tool.origin.kind === 'custom')

export const imageOf = (media: MediaPart): NonNullable<AnswerAdditions['images']>[number] => ({
  type: 'image_url',
  image_url: {
    url: media.source.kind === 'url' ? media.source.url : dataUrl(media.mimeType ?? 'image/png', media.source.data)
  }
})

/** `start` and `end`: which characters of the content say what the source says. */
export const annotationOf = ({ url, title }: Citation, start: number, end: number): Annotation => ({
  type: 'url_citation',
  url_citation: { url, title: title ?? '', start_index: start, end_index: end }
})

function encodeMessage(parts: readonly AnswerPart[], asked: Asked): AnswerMessage {
  const draft = new MessageDraft(asked)
  for (const part of parts) draft.add(part)
  return draft.message
}

/** Puts a message together part by part. Media other than pictures, and what a vendor's own tools did, have no place in it. */
class MessageDraft {
  readonly #asked: Asked
  readonly #trail = new SignatureTrail()
  readonly #refusals: string[] = []
  readonly #reasoning: string[] = []
  readonly #details: JsonObject[] = []
  readonly #calls: AnswerToolCall[] = []
  readonly #annotations: Annotation[] = []
  readonly #images: NonNullable<AnswerAdditions['images']>[number][] = []
  #content = ''
  #extra: { readonly extra_content?: ExtraContent } = {}

  constructor(asked: Asked) {
    this.#asked = asked
  }

  add(part: AnswerPart): void {
    switch (part.type) {
      case 'text':
        this.#addText(part.text, part.citations)
        return
      case 'reasoning':
        this.#reasoning.push(part.text)
        this.#details.push(...detailsOf(part))
        this.#trail.text(part.text)
        if (part.signature !== null) this.#trail.sign(part.signature)
        this.#trail.close()
        return
      case 'tool-call':
        this.#calls.push(this.#callOf(part))
        return
      case 'refusal':
        this.#refusals.push(part.text)
        return
      case 'media':
        if (part.media === 'image') this.#images.push(imageOf(part))
        return
      case 'hosted-call':
        return
    }
  }

  get message(): AnswerMessage {
    const reasoning = this.#reasoning.join('')
    return {
      role: 'assistant',
      content: this.#content === '' ? null : this.#content,
      refusal: this.#refusals.length === 0 ? null : this.#refusals.join(''),
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(this.#details.length > 0 && { reasoning_details: this.#details }),
      ...this.#callMembers(),
      ...(this.#annotations.length > 0 && { annotations: this.#annotations }),
      ...(this.#images.length > 0 && { images: this.#images }),
      ...this.#extra,
      ...this.#trail.forMessage()
    }
  }

  #addText(text: string, citations: readonly Citation[]): void {
    if (text === '') return
    const start = this.#content.length
    this.#content += text
    this.#annotations.push(...citations.map((one) => annotationOf(one, start, this.#content.length)))
    this.#extra = { ...this.#extra, ...this.#trail.forMessage() }
  }

  #callOf(part: ToolCallPart): AnswerToolCall {
    const { id, name, input } = part
    const extra = this.#trail.forCall()
    if (!isCustom(name, this.#asked)) return { ...encodeCall(part), id, ...extra }
    return { id, type: 'custom', custom: { name, input: freeTextOf(input) }, ...extra }
  }

  #callMembers(): Pick<AnswerMessage, 'tool_calls' | 'function_call'> {
    const [first] = this.#calls
    if (first === undefined) return {}
    if (first.type === 'function' && usesFunctions(this.#asked.body)) return { function_call: first.function }
    return { tool_calls: this.#calls }
  }
}
