import type { FinishReason, GenerateContentResponseUsageMetadata, Part as SdkPart } from '@google/genai'

/** The vendor's own types of generateContent. Its SDK has classes and enums; on the wire they are their plain values. */
export type Part = SdkPart
export type UsageMetadata = Pick<
  GenerateContentResponseUsageMetadata,
  'promptTokenCount' | 'candidatesTokenCount' | 'totalTokenCount'
>
export interface GenerateContentResponse {
  readonly candidates: readonly {
    readonly index: number
    readonly content: { readonly role: 'model'; readonly parts: readonly Part[] }
    readonly finishReason?: `${FinishReason}`
  }[]
  readonly usageMetadata?: UsageMetadata
  readonly modelVersion: string
  readonly responseId: string
}
export interface CountTokensResponse {
  readonly totalTokens: number
}
interface ContentEmbedding {
  readonly values: readonly number[]
}
export interface EmbedContentResponse {
  readonly embedding: ContentEmbedding
}
export interface BatchEmbedContentsResponse {
  readonly embeddings: readonly ContentEmbedding[]
}
