import fc from 'fast-check'

/** Settings files as people's hands write them, for properties that must hold whatever stands in one. */

/** A JSON text in some hand's style, with its value. */
const space = fc.constantFrom('', ' ', '\n', '\r\n', '\n\t', '\n    ', ' /* c */ ', ' // it\'s "c" {\n', '\n// }\n')
export const jsonName = fc.constantFrom('env', 'a', 'A', 'b c', 'model', '"', 'é', '//')
const leaf = fc.oneof(
  fc.constantFrom('true', 'null', '-1.5e3', '[]', '[1, {"x": "}"}]', '"\\u0041"', '"// no"'),
  fc.string({ maxLength: 6 }).map((text) => JSON.stringify(text))
)
const { object: jsonObject } = fc.letrec<{ object: string; value: string }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('object')),
  object: fc
    .tuple(
      fc.uniqueArray(fc.tuple(jsonName, tie('value'), space, space, space, space), {
        selector: ([key]) => key,
        maxLength: 4
      }),
      space,
      fc.boolean()
    )
    .map(([members, inner, trailing]) => {
      if (members.length === 0) return `{${inner}}`
      const texts = members.map(
        ([key, value, one, two, three, four]) => `${one}${JSON.stringify(key)}${two}:${three}${value}${four}`
      )
      return `{${texts.join(',')}${trailing ? `,${inner}` : ''}}`
    })
}))

export { jsonObject as jsonText }

const dotenvLine = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('', 'export ', '  '),
      fc.constantFrom('A', 'B', 'C.D', 'GEMINI_API_KEY'),
      fc.constantFrom('=', ' = ', '= '),
      fc.constantFrom('', 'x', 'a b', '"q # q"', "'s'", 'http://127.0.0.1:8080', '`b`', '"two\nlines"'),
      fc.constantFrom('', ' ', ' # note')
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('', '# a comment', '# GEMINI_API_KEY=old', 'not an assignment', '   ')
)
export const dotenvText = fc
  .tuple(fc.array(dotenvLine, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, eol, ends]) => lines.join(eol) + (ends && lines.length > 0 ? eol : ''))

const tomlLine = fc.oneof(
  fc.constantFrom(
    'model = "x" # c',
    '# a comment',
    'n = 0xFF',
    'f = 1e10',
    'd = 1979-05-27T07:32:00Z',
    'big = 9223372036854775807',
    'list = [\n  1, # one\n  2,\n]',
    "lit = 'a\\b'",
    'multi = """\nline\n"""',
    ''
  )
)
const tomlTable = fc
  .tuple(
    fc.constantFrom(
      '[tui]',
      '[projects."/home/me/a b"]',
      '[[hooks]]',
      '[model_providers.azure]',
      '[mcp_servers.x.env]'
    ),
    fc.array(fc.constantFrom('x = 1', '# note', 'key = "sk-1"   # theirs', 'in = { a = 1, b = "}" }', ''), {
      maxLength: 3
    })
  )
  .map(([head, lines]) => [head, ...new Set(lines)].join('\n'))
export const tomlText = fc
  .tuple(
    fc.uniqueArray(tomlLine, { maxLength: 5 }),
    fc.uniqueArray(tomlTable, { selector: (one) => one.split('\n')[0], maxLength: 4 }),
    fc.constantFrom('\n', '\r\n'),
    fc.constantFrom('', '\n', '\n\n')
  )
  .map(([top, tables, eol, end]) => ([...top, ...tables].join('\n') + end).replaceAll('\n', eol))
