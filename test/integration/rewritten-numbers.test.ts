import { describe, expect, test } from 'vitest'
import { parseExactly } from '../../src/main/protocols/exact-json'
import { isObject, type JsonObject } from '../../src/main/protocols/foreign-json'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, fails, gemini, openaiChat, openaiResponses, type Vendor } from '../support/vendors/vendors'

/** Each would be another number, or another text, if it went through one of JavaScript's. */
const SPELLED = '{"order_id":1234567890123456789,"price":1.0,"huge":1e400}'

const SIGNATURE = 'b3RoZXIgYWNjb3VudA=='
const WRAPPED = 'routex:openai-chat:b3RoZXI='
const WRAPPED_FOR_GEMINI = Buffer.from(WRAPPED).toString('base64')

interface Case {
  readonly vendor: Vendor
  /** A conversation with such numbers, signed so. */
  readonly body: (signature: string) => string
  readonly own: string
  readonly foreign: string
  /** What its vendor says of a signature that it does not know. */
  readonly complaint: string
}

const CASES: readonly Case[] = [
  {
    vendor: anthropic,
    own: SIGNATURE,
    foreign: WRAPPED,
    complaint: 'messages.1.content.0: Invalid `signature` in `thinking` block',
    body: (signature) => `{
      "temperature": 1.0,
      "tools": [{ "name": "f", "input_schema": { "type": "object", "default": ${SPELLED} } }],
      "messages": [
        { "role": "user", "content": "Hi" },
        { "role": "assistant", "content": [
          { "type": "thinking", "thinking": "Hm", "signature": "${signature}" },
          { "type": "tool_use", "id": "toolu_1", "name": "f", "input": ${SPELLED} }
        ] },
        { "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "toolu_1", "content": "ok" }] }
      ]
    }`
  },
  {
    vendor: openaiChat,
    own: SIGNATURE,
    foreign: WRAPPED,
    complaint: 'messages.1.content.0: Invalid `signature` in `thinking` block',
    body: (signature) => `{
      "temperature": 1.0,
      "tools": [{ "type": "function", "function": { "name": "f", "parameters": { "default": ${SPELLED} } } }],
      "messages": [
        { "role": "user", "content": "Hi" },
        { "role": "assistant", "content": "Ho", "seen": ${SPELLED}, "extra_content": {
          "${signature === WRAPPED ? 'routex' : 'vendor'}": { "signature": "${signature}" }
        } },
        { "role": "user", "content": "And?" }
      ]
    }`
  },
  {
    vendor: openaiResponses,
    own: SIGNATURE,
    foreign: WRAPPED,
    complaint: 'The encrypted content could not be verified.',
    body: (signature) => `{
      "temperature": 1.0,
      "tools": [{ "type": "function", "name": "f", "parameters": { "default": ${SPELLED} }, "strict": false }],
      "input": [
        { "type": "message", "role": "user", "content": "Hi" },
        { "type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "${signature}" },
        { "type": "message", "id": "msg_1", "role": "assistant", "content": "Ho", "seen": ${SPELLED} },
        { "type": "message", "role": "user", "content": "And?" }
      ]
    }`
  },
  {
    vendor: gemini,
    own: SIGNATURE,
    foreign: WRAPPED_FOR_GEMINI,
    complaint: 'Corrupted thought signature.',
    body: (signature) => `{
      "generationConfig": { "temperature": 1.0 },
      "contents": [
        { "role": "user", "parts": [{ "text": "Hi" }] },
        { "role": "model", "parts": [
          { "functionCall": { "name": "f", "args": ${SPELLED} }, "thoughtSignature": "${signature}" }
        ] },
        { "role": "user", "parts": [{ "functionResponse": { "name": "f", "response": ${SPELLED} } }] }
      ]
    }`
  }
]

function exact(text: string): JsonObject {
  const read = parseExactly(text)
  return isObject(read) ? read : {}
}

describe.each(CASES)(
  'B14 of numbers that JavaScript would spell otherwise, on $vendor.protocol:',
  ({ vendor, body, own, foreign, complaint }) => {
    test('they stay as the client wrote them where what another vendor signed is taken out', async () => {
      const { first, gateway } = await startTwoChannels(vendor)
      expect((await gateway.ask(vendor, { body: exact(body(foreign)) }).done).status).toBe(200)
      const [sent] = first.requests.map((request) => request.body.toString())
      expect(sent).not.toContain(foreign)
      expect(sent?.split(SPELLED)).toHaveLength(3)
      expect(sent).toContain('"temperature":1.0')
    })

    test('they stay so in the second try, after a refused signature', async () => {
      const { first, gateway } = await startTwoChannels(vendor)
      first.next(fails(vendor, 400, complaint))
      expect((await gateway.ask(vendor, { body: exact(body(own)) }).done).status).toBe(200)
      const [refused, again] = first.requests.map((request) => request.body.toString())
      expect(refused).toContain(own)
      expect(again).not.toContain(own)
      expect(again?.split(SPELLED)).toHaveLength(3)
      expect(again).toContain('"temperature":1.0')
    })
  }
)
