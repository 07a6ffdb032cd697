/** Whose list of models is answered; both OpenAI protocols share one. */
export type ModelListShape = 'anthropic' | 'openai' | 'gemini'

const openAiModel = (name: string) => ({ id: name, object: 'model', created: 0, owned_by: 'routex' })

/** Anthropic itself gives the epoch where a release date is unknown. */
const anthropicModel = (name: string) => ({
  type: 'model',
  id: name,
  display_name: name,
  created_at: '1970-01-01T00:00:00Z'
})

const geminiModel = (name: string) => ({
  name: name.startsWith('tunedModels/') ? name : `models/${name}`,
  version: '',
  displayName: name,
  supportedGenerationMethods: ['generateContent', 'countTokens', 'embedContent', 'batchEmbedContents']
})

/** One model in a vendor's shape. What Routex doesn't know of it (limits, dates) is left out or said to be unknown. */
export function renderModel(shape: ModelListShape, name: string): Buffer {
  return Buffer.from(JSON.stringify(modelOf(shape, name)))
}

function modelOf(shape: ModelListShape, name: string): unknown {
  switch (shape) {
    case 'anthropic':
      return anthropicModel(name)
    case 'openai':
      return openAiModel(name)
    case 'gemini':
      return geminiModel(name)
  }
}

/** All models in a vendor's shape, on one page. */
export function renderModelList(shape: ModelListShape, names: readonly string[]): Buffer {
  const models = names.map((name) => modelOf(shape, name))
  return Buffer.from(JSON.stringify(listOf(shape, names, models)))
}

function listOf(shape: ModelListShape, names: readonly string[], models: readonly unknown[]): unknown {
  switch (shape) {
    case 'anthropic':
      return { data: models, has_more: false, first_id: names[0] ?? null, last_id: names.at(-1) ?? null }
    case 'openai':
      return { object: 'list', data: models }
    case 'gemini':
      return { models }
  }
}
