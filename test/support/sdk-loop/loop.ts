import type { RunningGateway } from '../running-gateway'
import type { Vendor } from '../vendors/vendors'

/** What a client's program sees of a loop of three answers: a call, another call, and a text. */
interface Transcript {
  readonly calls: readonly { readonly name: string; readonly input: unknown }[]
  readonly text: string
  /** Of each answer, in the SDK's own words. */
  readonly stops: readonly string[]
  /** Of each answer, where it had any. */
  readonly thinking: readonly string[]
  readonly models: readonly string[]
  /** Of the last answer: its whole input and output. */
  readonly usage: { readonly input: number; readonly output: number }
}

interface LoopOptions {
  readonly gateway: RunningGateway
  readonly stream: boolean
}

/** A vendor's own SDK with the loop that a program writes around it. */
export interface SdkLoop {
  readonly vendor: Vendor
  readonly stops: readonly string[]
  run(options: LoopOptions): Promise<Transcript>
}

export const ROUNDS = 3
export const QUESTION = 'Is it warmer in Bern or in Zürich?'
export const TOOL = {
  name: 'get_weather',
  description: 'Weather of a place',
  schema: { type: 'object' as const, properties: { place: { type: 'string' } }, required: ['place'] }
}

/** What the program's own tool answers. */
export function weatherOf(input: unknown): string {
  const place = typeof input === 'object' && input !== null && 'place' in input ? String(input.place) : 'nowhere'
  return `21 °C in ${place}`
}

/** Gathers a transcript answer by answer. */
export class TranscriptBuilder {
  readonly calls: { name: string; input: unknown }[] = []
  readonly stops: string[] = []
  readonly thinking: string[] = []
  readonly models: string[] = []
  text = ''
  usage = { input: 0, output: 0 }
}
