import type OpenAI from 'openai'

/** The vendor's own types of the Responses API. */
export type Response = OpenAI.Responses.Response
export type ResponseStreamEvent = OpenAI.Responses.ResponseStreamEvent
export type ResponseOutputItem = OpenAI.Responses.ResponseOutputItem
export type ResponseUsage = OpenAI.Responses.ResponseUsage
export type CompactedResponse = OpenAI.Responses.CompactedResponse
export type InputTokenCount = OpenAI.Responses.InputTokenCountResponse

/** Parts of requests. */
export type RequestTool =
  | Partially<OpenAI.Responses.FunctionTool, 'strict'>
  | OpenAI.Responses.CustomTool
  | OpenAI.Responses.WebSearchTool
  | OpenAI.Responses.Tool.CodeInterpreter
export type RequestToolChoice =
  | OpenAI.Responses.ToolChoiceOptions
  | OpenAI.Responses.ToolChoiceFunction
  | OpenAI.Responses.ToolChoiceCustom
  /** The SDK's type names only the preview of `web_search`. */
  | { readonly type: 'web_search' | 'code_interpreter' }
export type RequestReasoning = OpenAI.Reasoning
export type RequestFormat = OpenAI.Responses.ResponseFormatTextConfig
export type InputContent = OpenAI.Responses.ResponseInputContent
/** Items that a model made are sent back without their id where it is not known, which the API takes though its types don't. */
export type InputItem =
  | OpenAI.Responses.ResponseInputItem.Message
  | OpenAI.Responses.ResponseInputItem.FunctionCallOutput
  | OpenAI.Responses.ResponseFunctionToolCall
  | OpenAI.Responses.ResponseCustomToolCall
  | (Pick<OpenAI.Responses.ResponseCustomToolCallOutput, 'type' | 'call_id'> &
      Pick<OpenAI.Responses.ResponseInputItem.FunctionCallOutput, 'output'>)
  | Partially<OpenAI.Responses.ResponseOutputMessage, 'id' | 'status'>
  | Partially<OpenAI.Responses.ResponseReasoningItem, 'id'>
export type ResponseRequest = Omit<
  OpenAI.Responses.ResponseCreateParamsNonStreaming,
  'stream' | 'input' | 'tools' | 'tool_choice'
> & {
  readonly stream: boolean
  readonly input: InputItem[]
  readonly tools?: RequestTool[]
  readonly tool_choice?: RequestToolChoice
}

/** Parts of answers. */
export type OutputMessage = OpenAI.Responses.ResponseOutputMessage
export type OutputText = OpenAI.Responses.ResponseOutputText
export type UrlCitation = OpenAI.Responses.ResponseOutputText.URLCitation
export type OutputRefusal = OpenAI.Responses.ResponseOutputRefusal
export type ReasoningItem = OpenAI.Responses.ResponseReasoningItem
export type LocalShellAction = OpenAI.Responses.ResponseOutputItem.LocalShellCall.Action
export type ShellAction = OpenAI.Responses.ResponseFunctionShellToolCall.Action
export type PatchOperation = OpenAI.Responses.ResponseApplyPatchToolCall['operation']

type Partially<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>
