import type {
  Candidate as SdkCandidate,
  Content as SdkContent,
  FinishReason as SdkFinishReason,
  FunctionDeclaration as SdkFunctionDeclaration,
  GenerateContentResponseUsageMetadata,
  GenerationConfig as SdkGenerationConfig,
  GroundingMetadata as SdkGroundingMetadata,
  Part as SdkPart,
  ServiceTier as SdkServiceTier,
  ThinkingConfig as SdkThinkingConfig,
  Tool as SdkTool,
  ToolConfig as SdkToolConfig,
  UrlContextMetadata as SdkUrlContextMetadata
} from '@google/genai'

/**
 * The vendor's own types of generateContent. Its SDK has classes and enums; on the wire they are their plain values, and a
 * member that is undefined is none.
 */
type Wire<T> = T extends string
  ? `${T}`
  : T extends readonly (infer Item)[]
    ? readonly Wire<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: Wire<T[K]> | undefined }
      : T

export type Part = Wire<SdkPart>
export type Content = Wire<SdkContent>
export type FinishReason = Wire<SdkFinishReason>
export type FunctionDeclaration = Wire<SdkFunctionDeclaration>
export type GenerationConfig = Wire<SdkGenerationConfig>
export type GroundingMetadata = Wire<SdkGroundingMetadata>
type ServiceTier = Wire<SdkServiceTier>
export type ThinkingConfig = Wire<SdkThinkingConfig>
export type Tool = Wire<SdkTool>
export type ToolConfig = Wire<SdkToolConfig>
export type UrlContextMetadata = Wire<SdkUrlContextMetadata>

export type UsageMetadata = Pick<
  GenerateContentResponseUsageMetadata,
  | 'promptTokenCount'
  | 'cachedContentTokenCount'
  | 'candidatesTokenCount'
  | 'thoughtsTokenCount'
  | 'toolUsePromptTokenCount'
  | 'totalTokenCount'
>

/** https://ai.google.dev/api/generate-content#request-body; the model and streaming stand in the path. */
export interface GenerateContentRequest {
  readonly contents: readonly Content[]
  readonly systemInstruction: Content | undefined
  readonly tools: readonly Tool[] | undefined
  readonly toolConfig: ToolConfig | undefined
  readonly generationConfig: GenerationConfig
  readonly serviceTier: ServiceTier | undefined
}

type Candidate = Wire<Pick<SdkCandidate, 'finishMessage' | 'groundingMetadata' | 'urlContextMetadata'>>

export interface GenerateContentResponse {
  readonly candidates: readonly (Candidate & {
    readonly index: number
    readonly content: { readonly role: 'model'; readonly parts: readonly Part[] }
    readonly finishReason?: FinishReason | undefined
  })[]
  readonly usageMetadata?: UsageMetadata | undefined
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
