import { z } from 'zod'
import { channelId, clientKeyId } from './ids'
import { PROTOCOLS } from './protocol'
import { outcome } from './request-log'

export const logFilter = z.strictObject({
  from: z.number().optional(),
  to: z.number().optional(),
  outcome: z.array(outcome).optional(),
  statusMin: z.int().optional(),
  statusMax: z.int().optional(),
  channelId: channelId.optional(),
  /** As rows show it, whole, in any case: a channel that is gone or was renamed has it there still. */
  channelName: z.string().max(200).optional(),
  clientKeyId: clientKeyId.optional(),
  /** Part of the name that was asked for, in any case. */
  model: z.string().max(200).optional(),
  /** Part of the program's name. */
  client: z.string().max(200).optional(),
  sessionId: z.string().optional(),
  protocol: z.enum(PROTOCOLS).optional(),
  /** Part of the error's message or code. */
  text: z.string().max(200).optional()
})
export type LogFilter = z.infer<typeof logFilter>
