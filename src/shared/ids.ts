import { z } from 'zod'

/** Ids are branded so that a channel's can't be handed where a client key's is meant. */
export const channelId = z.string().min(1).max(120).brand<'ChannelId'>()
export type ChannelId = z.infer<typeof channelId>
/** The built-in Demo's channels have ids of their own, one for each protocol. */
const DEMO = 'demo:'
export const demoChannelId = (protocol: string): ChannelId => channelId.parse(DEMO + protocol)
export const isDemoChannel = (id: ChannelId): boolean => id.startsWith(DEMO)
export const clientKeyId = z.string().min(1).max(120).brand<'ClientKeyId'>()
export type ClientKeyId = z.infer<typeof clientKeyId>
/** Unique for each request, sortable by time of arrival; sent to the client as `x-routex-request-id`. */
export const requestId = z.string().min(1).max(64).brand<'RequestId'>()
export type RequestId = z.infer<typeof requestId>
