import { z } from 'zod'
import { problemsOf } from '../../shared/validation'
import { ApiError, badArguments } from './api-error'

/** A call whose arguments are not checked yet. Rejects with ApiError. */
export type Handler = (params: unknown) => Promise<unknown>

/** The arguments by their schema. Throws ApiError `bad_arguments` with each problem's path and what is allowed. */
export function readArguments<P extends z.ZodType>(schema: P, params: unknown): z.output<P> {
  const parsed = schema.safeParse(params)
  if (parsed.success) return parsed.data
  throw badArguments(problemsOf(schema, parsed.error, params))
}

/** Every layer's own error: its code is stable and its message is for people. */
const layerError = z.object({
  code: z.string(),
  status: z.int().min(400).max(599),
  /** For programs, and for a page that says it in another language. */
  details: z.record(z.string(), z.unknown()).optional()
})

function toApiError(error: unknown): unknown {
  if (error instanceof ApiError || !(error instanceof Error)) return error
  const known = layerError.safeParse(error)
  if (!known.success) return error
  return new ApiError(known.data, error.message, { cause: error, details: known.data.details })
}

/** Joins a call of the contract with what does it: checked arguments go in, an error of a layer below comes out as ApiError. */
export function implement<P extends z.ZodType, R extends z.ZodType>(
  call: { readonly params: P; readonly result: R },
  run: (args: z.output<P>) => z.input<R> | Promise<z.input<R>>
): Handler {
  return async (params) => {
    const args = readArguments(call.params, params)
    try {
      return await run(args)
    } catch (error) {
      throw toApiError(error)
    }
  }
}
