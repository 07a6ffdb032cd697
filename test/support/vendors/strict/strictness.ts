import { z } from 'zod'

/** The parsed request, or the vendor's complaint about its first fault. */
export function check<Schema extends z.ZodType>(schema: Schema, json: unknown): z.infer<Schema> {
  const read = schema.safeParse(json)
  if (read.success) return read.data
  throw new Error(z.prettifyError(read.error))
}

/** The vendor's complaint where `isWrong`. */
export function refuse(isWrong: boolean, complaint: string): void {
  if (isWrong) throw new Error(complaint)
}

/** A list that may not be empty. */
export const list = <Item extends z.ZodType>(item: Item) => z.array(item).min(1)

export const base64 = z.string().regex(/^[A-Za-z0-9+/_-]+={0,2}$/)

/** What only its vendor can have made: nothing empty, and nothing that Routex wrapped for another. */
export const foreignText = z
  .string()
  .min(1)
  .refine((text) => !ours(text), 'Invalid signature')

/** `routex:` as it is, or in base64. */
const ours = (text: string): boolean => /^(?:routex:|cm91dGV4O)/.test(text)
