import { z } from 'zod'
import { balanceForm } from './balance'

const path = z
  .string()
  .max(500)
  .regex(/^\/[\x21-\x7e]*$/, 'must begin with / and hold no spaces')

const fieldName = z.string().min(1).max(100)

/**
 * Where a vendor's form of a protocol differs from its maker's: small named options on a channel, set by its preset, instead
 * of special cases in code. Each says what unset does. Those under *Requests* count where a request is translated; one of the
 * channel's own protocol goes through byte for byte (B13), but for *Where it goes* and `dropsReasoning`.
 */
export const quirks = z.strictObject({
  // Where it goes
  /** The header that carries the credential. Unset: the protocol's own. `authorization` sends `Bearer …`. */
  authHeader: z.enum(['authorization', 'x-api-key', 'api-key', 'x-goog-api-key']).optional(),
  /** Path of the main call behind the base URL, `{model}` filled in (Azure's deployments, Vertex). Unset: the protocol's own. */
  path: path.optional(),
  /** The same for streamed calls. Unset: `path`. */
  streamPath: path.optional(),
  /** Members put into each body (Vertex: `anthropic_version`). Unset: none. */
  addsFields: z.record(fieldName, z.union([z.string().max(200), z.number(), z.boolean()])).optional(),
  /** Members taken out of each body, because it refuses them (Groq: `prompt_cache_key`; Vertex: `model`). Unset: none. */
  dropsFields: z.array(fieldName).max(20).optional(),
  /** With `path`: it refuses the client's query, such as Claude Code's `beta=true` (Vertex). Unset: false, it is kept (B23). */
  dropsQuery: z.boolean().optional(),
  /** Path of its list of models on the base URL's host; null: it has none. Unset: the protocol's own behind the base URL. */
  modelsPath: path.nullable().optional(),
  /** Whose form its balance endpoint has, on the base URL's host. Unset: that of the preset with its host, else it has none. */
  balance: balanceForm.optional(),

  // Requests: limits and sampling
  /** Chat: the member that limits an answer. Unset: `max_tokens`, to OpenAI's reasoning models `max_completion_tokens`. */
  maxTokensField: z.enum(['max_tokens', 'max_completion_tokens']).optional(),
  /** Anthropic: sent where the client named no limit, since one must be. Unset: by the model's name. */
  defaultMaxTokens: z.int().min(1).max(1_000_000).optional(),
  /** The most tokens of an answer that its models take; more are cut to it. Unset: by the model's name, where that is known. */
  mostTokens: z.int().min(1).max(10_000_000).optional(),
  /** Chat: the same where the answer is not streamed (Fireworks). Unset: as `mostTokens`. */
  mostTokensUnstreamed: z.int().min(1).max(10_000_000).optional(),
  /** Higher ones are cut to it. Unset: the protocol's own (1 for Anthropic, else 2). */
  maxTemperature: z.number().min(0).max(2).optional(),
  /** More are left out. Unset: the protocol's own (4 for Chat, 5 for Gemini). */
  maxStopSequences: z.int().min(0).max(100).optional(),

  // Requests: messages
  /** Chat: the role of the system prompt. Unset: `system`. */
  systemRole: z.enum(['system', 'developer']).optional(),
  /**
   * Chat: it takes a system message as the first one only, as the templates of Qwen, Llama and Gemma do; later ones, which Claude
   * Code sends, become a user's text, and neighbouring user messages one. Unset: false.
   */
  systemOnlyFirst: z.boolean().optional(),
  /** Chat: it refuses a user's message behind a tool's result, so an answer is put between (Mistral). Unset: false. */
  noUserAfterTool: z.boolean().optional(),
  /** Chat: it refuses a begun answer as the last message; it is asked in words to go on (DeepSeek, Mistral). Unset: false. */
  dropsPrefill: z.boolean().optional(),
  /** Chat: ids of calls must be nine letters and digits; others are hashed to such (Mistral). Unset: false. */
  shortCallIds: z.boolean().optional(),

  // Requests: tools and formats
  /** More are left out, the last first. Unset: 128 for OpenAI's own models, by their names; else no limit. */
  mostTools: z.int().min(1).max(100_000).optional(),
  /** Chat: `auto` when it knows no other choice (a choice is then lost). Unset: all. */
  toolChoice: z.enum(['all', 'auto']).optional(),
  /** It refuses `parallel_tool_calls`. Unset: false. */
  dropsParallelTools: z.boolean().optional(),
  /** It refuses `strict`. Unset: false. */
  dropsStrict: z.boolean().optional(),
  /** What it can be held to: a schema, some JSON object, nothing. Unset: `schema`. */
  jsonFormat: z.enum(['schema', 'object', 'none']).optional(),
  /** Chat: it refuses `stream_options`; its usage is then what it sends by itself. Unset: false. */
  dropsStreamOptions: z.boolean().optional(),
  /** It can see no images: a line of text says so in their place. Unset: false. */
  dropsImages: z.boolean().optional(),
  /** It takes no documents: what is text goes as text, of others (PDFs) a line of text says so. Unset: false. */
  dropsDocuments: z.boolean().optional(),

  // Requests: prompt caching
  /** Anthropic: it refuses `cache_control`. Unset: false. */
  dropsCacheControl: z.boolean().optional(),
  /** Chat: it takes Anthropic's `cache_control` on its parts (OpenRouter, Qwen). Unset: false. */
  takesCacheControl: z.boolean().optional(),

  // Requests: reasoning
  /**
   * How reasoning is asked for. Chat: `reasoning_effort` (unset), OpenRouter's `reasoning` object, `thinking: {type}` (GLM, Kimi,
   * DeepSeek), `enable_thinking` with `thinking_budget` (Qwen). Anthropic: `adaptive` or `budget`; unset: by the model's name.
   * `none`: it can't be asked for.
   */
  reasoningControl: z
    .enum(['reasoning_effort', 'reasoning', 'thinking', 'enable_thinking', 'adaptive', 'budget', 'none'])
    .optional(),
  /** The efforts it knows; the nearest is sent. Unset: minimal, low, medium, high. Chat: OpenAI's own models go by their names. */
  efforts: z
    .array(z.enum(['minimal', 'low', 'medium', 'high', 'xhigh', 'max']))
    .min(1)
    .optional(),
  /** Chat and Responses: the models that take an effort, as globs; others are sent none (Groq, xAI). Unset: all that reason. */
  effortModels: z.array(z.string().min(1).max(200)).max(50).optional(),
  /** Chat: `reasoning_effort: "none"` switches reasoning off. Unset: false, the wish is lost. OpenAI's own go by their names. */
  takesEffortNone: z.boolean().optional(),
  /** Chat: the models of which that holds, as globs, where it does not of all (Cerebras). Unset: as `takesEffortNone`. */
  effortNoneModels: z.array(z.string().min(1).max(200)).max(50).optional(),
  /** Chat: the member in which it wants an assistant's reasoning back. Unset: it wants none. Answers are read under any name. */
  reasoningField: z.enum(['reasoning_content', 'reasoning']).optional(),
  /** Chat: it refuses `reasoning_content`, which its client got elsewhere (Groq, also untranslated). Unset: OpenAI's own do. */
  dropsReasoning: z.boolean().optional()
})
export type Quirks = Readonly<z.infer<typeof quirks>>
