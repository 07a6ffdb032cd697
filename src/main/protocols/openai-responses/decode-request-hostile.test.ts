import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readOrRefused } from '../../../../test/support/translation/read-or-refused'
import { Losses } from '../losses'
import { decodeRequest } from './decode-request'

test('hostile bodies are read as far as they go, and never crash', () => {
  const types = [
    'message',
    'reasoning',
    'function_call',
    'function_call_output',
    'shell_call_output',
    'additional_tools'
  ]
  const item = fc.oneof(
    { weight: 1, arbitrary: fc.anything() },
    {
      weight: 9,
      arbitrary: fc.record({
        type: fc.constantFrom(...types, 'local_shell_call', 'item_reference', 'custom_tool_call'),
        role: fc.constantFrom('user', 'assistant', 'developer', undefined),
        content: fc.oneof(
          fc.string(),
          fc.array(fc.record({ type: fc.constantFrom('text', 'input_image', 'file', 'x'), text: fc.string() }), {
            maxLength: 3
          })
        ),
        output: fc.anything(),
        summary: fc.anything(),
        tools: fc.array(
          fc.record({ type: fc.constantFrom('namespace', 'custom', 'shell', 'x'), tools: fc.anything() })
        ),
        name: fc.anything(),
        call_id: fc.anything()
      })
    }
  )
  fc.assert(
    fc.property(fc.array(item), fc.anything(), fc.anything(), (input, tools, choice) => {
      const body = { input: [...input, { role: 'user', content: 'x' }], tools, tool_choice: choice, text: tools }
      readOrRefused(() => {
        expect(decodeRequest(body, new Losses()).turns.length).toBeGreaterThan(0)
      })
    })
  )
})
