import type { JsonSchema, OutputFormat } from './canonical'

/** For a target that has no other place for what the client says of its format. */
export const describedSchema = ({ schema, description }: Extract<OutputFormat, { kind: 'schema' }>): JsonSchema =>
  description === null || 'description' in schema ? schema : { description, ...schema }

/**
 * What a model is told where it can't be held to a format: a client that parses the answer can do without the guarantee, but
 * not without the JSON.
 */
export const formatInWords = (format: OutputFormat): string =>
  format.kind === 'json'
    ? 'Answer with one JSON object only, without code fences or any other text.'
    : 'Answer with JSON only, without code fences or any other text. It must fit this JSON Schema:\n' +
      JSON.stringify(describedSchema(format))
