import { z } from 'zod'
import { base64, check, foreignText, list, refuse } from './strictness'

/** What the Gemini API refuses with 400: https://ai.google.dev/api/generate-content */

/** A field of bytes. */
const bytes = foreignText.and(base64)

const blob = z.strictObject({ mimeType: z.string().regex(/^\w+\/[\w.+-]+$/), data: base64 })
const args = z.record(z.string(), z.unknown())
const part = z
  .strictObject({
    text: z.string().optional(),
    thought: z.boolean().optional(),
    thoughtSignature: bytes.optional(),
    inlineData: blob.optional(),
    fileData: z.strictObject({ mimeType: z.string().min(1), fileUri: z.url() }).optional(),
    functionCall: z
      .strictObject({ id: z.string().optional(), name: z.string().min(1), args: args.optional() })
      .optional(),
    functionResponse: z
      .strictObject({
        id: z.string().optional(),
        name: z.string().min(1),
        response: args,
        parts: z.array(z.strictObject({ inlineData: blob })).optional()
      })
      .optional()
  })
  .refine(
    ({ text, inlineData, fileData, functionCall, functionResponse }) =>
      [text, inlineData, fileData, functionCall, functionResponse].filter((one) => one !== undefined).length === 1,
    'exactly one of the data fields must be set'
  )
const content = z.strictObject({ role: z.enum(['user', 'model']).optional(), parts: list(part) })
type Content = z.infer<typeof content>

/** https://ai.google.dev/api/generate-content#GenerationConfig, `responseJsonSchema`: which words it takes. */
const WORDS: ReadonlySet<string> = new Set(
  (
    '$id $defs $ref $anchor type format title description enum items prefixItems minItems maxItems minimum maximum ' +
    'anyOf oneOf properties additionalProperties required propertyOrdering'
  ).split(' ')
)
const jsonSchema: z.ZodType = z.unknown().superRefine((schema, context) => {
  const strange = strangeWord(schema)
  if (strange !== null) context.addIssue(`Unknown word in the schema: ${strange}`)
})

function strangeWord(schema: unknown): string | null {
  if (typeof schema !== 'object' || schema === null) return null
  for (const [word, value] of Object.entries(schema)) {
    if (!WORDS.has(word)) return word
    const inner = word === 'properties' || word === '$defs' ? Object.values(value as object) : [value].flat()
    if (['properties', '$defs', 'items', 'anyOf', 'oneOf', 'prefixItems', 'additionalProperties'].includes(word)) {
      const strange = inner.map(strangeWord).find((one) => one !== null)
      if (strange !== undefined) return strange
    }
  }
  return null
}

const declaration = z.strictObject({
  name: z.string().regex(/^[A-Za-z_][\w.:-]{0,127}$/),
  description: z.string().optional(),
  parameters: z.looseObject({}).optional(),
  parametersJsonSchema: jsonSchema.optional()
})
const tool = z.strictObject({
  functionDeclarations: list(declaration).optional(),
  googleSearch: z.looseObject({}).optional(),
  urlContext: z.looseObject({}).optional(),
  codeExecution: z.looseObject({}).optional()
})

const body = z.strictObject({
  contents: list(content),
  systemInstruction: z.strictObject({ role: z.string().optional(), parts: list(part) }).optional(),
  tools: z.array(tool).optional(),
  toolConfig: z
    .strictObject({
      functionCallingConfig: z
        .strictObject({
          mode: z.enum(['AUTO', 'ANY', 'NONE', 'VALIDATED']),
          allowedFunctionNames: list(z.string()).optional()
        })
        .optional(),
      includeServerSideToolInvocations: z.boolean().optional()
    })
    .optional(),
  generationConfig: z
    .strictObject({
      maxOutputTokens: z.int().min(1).optional(),
      temperature: z.number().min(0).max(2).optional(),
      topP: z.number().optional(),
      topK: z.number().optional(),
      seed: z.int().optional(),
      presencePenalty: z.number().optional(),
      frequencyPenalty: z.number().optional(),
      stopSequences: z.array(z.string()).max(5).optional(),
      responseMimeType: z.string().optional(),
      responseSchema: z.looseObject({}).optional(),
      responseJsonSchema: jsonSchema.optional(),
      thinkingConfig: z
        .strictObject({
          includeThoughts: z.boolean().optional(),
          thinkingBudget: z.int().optional(),
          thinkingLevel: z.enum(['MINIMAL', 'LOW', 'MEDIUM', 'HIGH', 'low', 'high']).optional()
        })
        .optional()
    })
    .optional(),
  safetySettings: z.array(z.unknown()).optional(),
  serviceTier: z.enum(['standard', 'flex', 'priority']).optional(),
  labels: z.record(z.string(), z.string()).optional()
})

interface Asked {
  readonly kinds: readonly string[]
  readonly config: z.infer<typeof body>['generationConfig']
  readonly mode: string | undefined
}

const hasBoth = ({ kinds }: Asked): boolean =>
  kinds.includes('functionDeclarations') && kinds.some((kind) => kind !== 'functionDeclarations')

/** What models of some versions refuse. */
const BY_VERSION: readonly (readonly [RegExp, (asked: Asked) => boolean, string])[] = [
  [/gemini-2\.0/, ({ config }) => config?.thinkingConfig !== undefined, 'Thinking is not enabled for this model.'],
  [
    /gemini-[12]/,
    ({ config }) => config?.thinkingConfig?.thinkingLevel !== undefined,
    'Thinking level is not supported for this model.'
  ],
  [
    /./,
    ({ config, mode }) => config?.responseMimeType === 'application/json' && mode === 'ANY',
    "Forced function calling (ANY mode) with a response mime type: 'application/json' is unsupported"
  ],
  [/gemini-[12]/, hasBoth, 'Built-in tools and Function Calling cannot be combined in the same request.'],
  [
    /gemini-[12]/,
    ({ kinds, config }) => config?.responseMimeType === 'application/json' && kinds.includes('functionDeclarations'),
    "Function calling with a response mime type: 'application/json' is unsupported"
  ]
]

/** `model`: of the path. */
export function refuseGemini(json: unknown, model: string): void {
  const { contents, tools = [], generationConfig: config, toolConfig } = check(body, json)
  refuseOrder(contents)
  if (/gemini-[3-9]/.test(model)) refuseUnsigned(contents)
  const mode = toolConfig?.functionCallingConfig?.mode
  const asked = { kinds: tools.flatMap((one) => Object.keys(one)), config, mode }
  for (const [version, isWrong, words] of BY_VERSION) refuse(version.test(model) && isWrong(asked), words)
}

const callsIn = ({ parts }: Content): readonly string[] =>
  parts.flatMap(({ functionCall }) => (functionCall ? [functionCall.name] : []))
const responsesIn = ({ parts }: Content): readonly string[] =>
  parts.flatMap(({ functionResponse }) => (functionResponse ? [functionResponse.name] : []))

function refuseOrder(contents: readonly Content[]): void {
  let open: readonly string[] = []
  for (const one of contents) {
    const responses = responsesIn(one)
    if (responses.join() !== open.join()) {
      throw new Error(
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.'
      )
    }
    open = callsIn(one)
    if (open.length > 0 && one.role !== 'model')
      throw new Error('Please ensure that function call turn comes from the model.')
  }
  if (open.length > 0) throw new Error('Please ensure that function call turn is followed by a function response turn.')
}

/** Of calls one after the other the first must carry one. */
function refuseUnsigned(contents: readonly Content[]): void {
  for (const { parts } of contents) {
    const first = parts.find(({ functionCall }) => functionCall !== undefined)
    if (first && first.thoughtSignature === undefined) {
      throw new Error(
        `Function call is missing a thought_signature in functionCall parts: ${first.functionCall?.name ?? ''}`
      )
    }
  }
}
