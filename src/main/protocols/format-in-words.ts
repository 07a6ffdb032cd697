import type { OutputFormat } from './canonical'

/**
 * What a model is told where it can't be held to a format: a client that parses the answer can do without the guarantee, but
 * not without the JSON.
 */
export const formatInWords = (format: OutputFormat): string =>
  format.kind === 'json'
    ? 'Answer with one JSON object only, without code fences or any other text.'
    : 'Answer with JSON only, without code fences or any other text. It must fit this JSON Schema:\n' +
      JSON.stringify(format.schema)
