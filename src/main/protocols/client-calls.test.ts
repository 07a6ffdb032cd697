import { expect, test } from 'vitest'
import { conversation } from '../../../test/support/translation/gemini'
import { CallRenamer, fitNames } from './client-calls'
import type { AnswerEvent } from './canonical-answer'
import { Losses } from './losses'
import { fitCallId } from './tool-ids'
import { translators } from './translators'

test('a call’s id that only becomes one of the history as its client takes it is another one too', () => {
  const sent = 'functions.look:0'
  const call = { type: 'tool-call', id: fitCallId(sent), name: 'look', input: '{}', cache: null } as const
  const asked = conversation({ turns: [{ role: 'assistant', parts: [call] }] })
  const { clientCalls } = fitNames(asked, translators['openai-chat'], new Losses())
  expect(fitCallId(clientCalls.named({ ...call, id: sent }).id)).not.toBe(call.id)
})

test('a call’s id that the history has already is another one for the client, streamed and not', () => {
  const call = { type: 'tool-call', id: 'call_0', name: 'look', input: '{}', cache: null } as const
  const asked = conversation({ turns: [{ role: 'assistant', parts: [call] }] })
  const ways = () => fitNames(asked, translators['openai-chat'], new Losses()).clientCalls
  const whole = ways()
  expect([whole.named(call).id, whole.named(call).id, whole.named({ ...call, id: 'b' }).id]).toEqual([
    'call_0_2',
    'call_0_3',
    'b'
  ])
  const told: AnswerEvent[] = []
  new CallRenamer(ways()).push({ type: 'tool-start', id: 'call_0', name: 'look' }, (event) => told.push(event))
  expect(told).toEqual([{ type: 'tool-start', id: 'call_0_2', name: 'look' }])
})
