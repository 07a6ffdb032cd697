import { expect, test } from 'vitest'
import { OfferInMemory } from '../../../../test/support/clients-world'
import { PROTOCOLS } from '../../../shared/protocol'
import { snippetsFor } from '.'

const key = "rtx-it's"
const offer = new OfferInMemory()

test.each(PROTOCOLS)('every snippet for %s has address, key and model, in each shell', (protocol) => {
  for (const shell of ['sh', 'fish', 'powershell', 'cmd'] as const) {
    for (const { id, parts, protocol: spoken, protocols } of snippetsFor(offer, {
      shell,
      key: 'rtx-plain',
      protocol
    })) {
      const text = parts.map((part) => part.text).join('\n')
      expect(protocols, id).toContain(spoken)
      expect(text, id).toContain('http://127.0.0.1:8080')
      expect(text, id).toContain('rtx-plain')
      if (id !== 'shell') expect(text, id).toContain('model-one')
    }
  }
})

test('files of JSON are JSON, whatever the key holds', () => {
  for (const { parts } of snippetsFor(offer, { shell: 'sh', key })) {
    for (const { target, text } of parts) {
      if (target.kind === 'file' && target.path.endsWith('.json')) JSON.parse(text)
    }
  }
})

test('a program that does not speak the protocol is given its usual one', () => {
  const [qwen] = snippetsFor(offer, { shell: 'sh', key, protocol: 'gemini' })
  expect(qwen).toMatchObject({ id: 'qwen-code', protocol: 'openai-chat' })
})

test('while the gateway is off there is nothing to copy', () => {
  const off = new OfferInMemory()
  off.address = null
  expect(() => snippetsFor(off, { shell: 'sh', key })).toThrow('The gateway is off')
})
