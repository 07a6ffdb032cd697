import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { insertTopLevel, removeTopLevel, replaceTopLevelString } from './json-edit'
import { lastObjectSpan, memberSpan, pathSpan } from './json-span'

/** JSON written in any legal way: white space, escaped keys, members of one name several times. */
const space = fc.constantFrom('', ' ', '\n', '\t \r\n')
const key = fc.constantFrom('model', 'mod\\u0065l', 'messages', '\\"model\\"', 'a"'.replace('"', '\\"'), '渠道', '')
const value = fc.oneof(
  fc.json(),
  fc.constantFrom('"a\\\\"', '"\\"model\\":1"', '{"model":"inner"}', '[{"model":"x"},"]"]', '-1.5e3', 'true', 'null')
)
const member = fc
  .tuple(space, key, space, space, value, space)
  .map(([a, name, b, c, json, d]) => `${a}"${name}"${b}:${c}${json}${d}`)
const object = fc
  .tuple(space, fc.array(member, { maxLength: 6 }), space)
  .map(([a, members, b]) => (members.length === 0 ? `${a}{ }${b}` : `${a}{${members.join(',')}}${b}`))

const parse = (json: Buffer | string): Record<string, unknown> =>
  JSON.parse(json.toString('utf8')) as Record<string, unknown>

describe('B13 a change to one member', () => {
  test('reads what JSON.parse reads, whatever way the object is written', () => {
    fc.assert(
      fc.property(object, (text) => {
        const body = Buffer.from(text)
        const parsed = parse(body)
        const span = memberSpan(body, 'model')
        if (span === null) expect(Object.hasOwn(parsed, 'model')).toBe(false)
        else expect(JSON.parse(body.toString('utf8', span.start, span.end))).toEqual(parsed['model'])
      }),
      { numRuns: 1000 }
    )
  })

  test('changes that value and no other byte', () => {
    fc.assert(
      fc.property(object, fc.string(), (text, name) => {
        const body = Buffer.from(text)
        const span = memberSpan(body, 'model')
        const edited = replaceTopLevelString(body, 'model', name)
        if (span === null) {
          expect(edited).toBe(body)
          return
        }
        expect(parse(edited)['model']).toBe(name)
        expect(edited.subarray(0, span.start)).toEqual(body.subarray(0, span.start))
        const rest = body.length - span.end
        expect(edited.subarray(edited.length - rest)).toEqual(body.subarray(span.end))
      }),
      { numRuns: 500 }
    )
  })

  test('what is left without some members is an object of the others, byte for byte', () => {
    fc.assert(
      fc.property(object, fc.subarray(['model', 'messages', '渠道', '', 'none']), (text, names) => {
        const body = Buffer.from(text)
        const edited = removeTopLevel(body, names)
        const left = Object.entries(parse(text)).filter(([name]) => !names.includes(name))
        expect(parse(edited)).toEqual(Object.fromEntries(left))
        if (left.length === Object.keys(parse(text)).length) expect(edited).toBe(body)
      }),
      { numRuns: 1000 }
    )
  })

  test.each([
    ['{"a":1,"b":2,"c":3}', ['a'], '{"b":2,"c":3}'],
    ['{"a":1, "b":2 , "c":3 }', ['b', 'c'], '{"a":1 }'],
    ['{ "a":1,"a":2 }', ['a'], '{  }'],
    ['{"a":{"b":1},"b":[1,{"a":2}]}', ['b'], '{"a":{"b":1}}'],
    ['{"a":1,"b":2', ['a'], '{"a":1,"b":2'],
    ['[{"a":1}]', ['a'], '[{"a":1}]']
  ])('%s without %j is %s', (text, names, left) => {
    expect(removeTopLevel(Buffer.from(text), names).toString()).toBe(left)
  })

  test('an added member is there afterwards, in the place of one that was', () => {
    fc.assert(
      fc.property(object, (text) => {
        const edited = insertTopLevel(Buffer.from(text), 'model', '{"x":[1]}')
        expect(parse(edited)).toEqual({ ...parse(text), model: { x: [1] } })
      }),
      { numRuns: 500 }
    )
  })

  test('keeps the bytes of a 1 MB body around the name', () => {
    const body = Buffer.from(`{"messages":[{"content":"${'\\"渠'.repeat(200_000)}"}],"model":"a","stream":true}`)
    const edited = replaceTopLevelString(body, 'model', 'claude-"quoted"')
    expect(edited.length - body.length).toBe(Buffer.byteLength('claude-\\"quoted\\"') - 1)
    expect(parse(edited)).toMatchObject({ model: 'claude-"quoted"', stream: true })
  })
})

describe('what is no object', () => {
  test('is left as it is, cut or damaged', () => {
    fc.assert(
      fc.property(object, fc.nat(), (text, end) => {
        const cut = Buffer.from(text).subarray(0, end % (text.length + 1))
        expect(() => memberSpan(cut, 'model')).not.toThrow()
      })
    )
    for (const text of ['', '[]', '"model"', '{"model"', '{"model":', '{"model":"x"', '{model:1}', '{"model":}']) {
      expect(replaceTopLevelString(Buffer.from(text), 'model', 'y').toString(), text).toBe(text)
    }
    expect(insertTopLevel(Buffer.from('[]'), 'a', '1').toString()).toBe('[]')
  })
})

describe('a value inside', () => {
  test('is found by its path', () => {
    const body = Buffer.from('{"response":{"output":[{"usage":1}],"usage":{"a":2}},"usage":3}')
    const span = pathSpan(body, 'response', 'usage')
    expect(span === null ? null : body.toString('utf8', span.start, span.end)).toBe('{"a":2}')
    expect(pathSpan(body, 'response', 'nothing')).toBeNull()
  })

  test('is found from the end of a text whose beginning is missing, and never in another text', () => {
    const tail = Buffer.from('lo \\"usage\\":{\\"x\\":1} "}],"usage" : {"in":{"a":"}"}},"id":"x"}')
    const span = lastObjectSpan(tail, 'usage')
    expect(span === null ? null : tail.toString('utf8', span.start, span.end)).toBe('{"in":{"a":"}"}}')
    expect(lastObjectSpan(Buffer.from('"usage":{"cut'), 'usage')).toBeNull()
    expect(lastObjectSpan(Buffer.from('"usage":{'.repeat(5000)), 'usage')).toBeNull()
  })
})
