export interface ToolCall {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
}

/** What a ready-made answer says, whatever the vendor. All of it is optional but the text. */
export interface Content {
  readonly text: string
  readonly thinking?: string
  /** A tool call beside the text, with its arguments. */
  readonly tool?: ToolCall
  /** Several of them, one after the other. */
  readonly tools?: readonly ToolCall[]
  /** The model declines, in the vendor's own way, with these words. */
  readonly refusal?: string
  /** Why it stopped, in the vendor's own word; unset: what fits the rest. */
  readonly stop?: string
  /** The sequence that it stopped at, where the vendor tells it. */
  readonly stopSequence?: string
  readonly model?: string
  /** The upstream's usage object in its own words; left out where `null`. */
  readonly usage?: object | null
}

export const toolsOf = ({ tool, tools }: Content): readonly ToolCall[] => tools ?? (tool === undefined ? [] : [tool])

/** Text in three pieces, so that a stream has something to be cut between. */
export function pieces(text: string): readonly string[] {
  const third = Math.max(1, Math.ceil(text.length / 3))
  return [text.slice(0, third), text.slice(third, 2 * third), text.slice(2 * third)].filter((piece) => piece !== '')
}

/** An SSE event with a name of its own, as Anthropic and Responses send them. */
export function named(event: { readonly type: string }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

/** An SSE event of data alone, as Chat and Gemini send them. */
export function unnamed(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`
}
