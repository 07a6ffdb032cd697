import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { fixturePath } from '../../../test/support/import-fixtures'
import { parseDotenv, parseJson, parseToml, parseYaml } from './parse-text'
import { UnreadableFile } from './unreadable-file'

const fixture = (name: string): Promise<string> => readFile(fixturePath(`hostile/${name}`), 'latin1')

test.each([
  [parseJson, 'deep.json', 'it is nested too deeply'],
  [parseJson, 'nul.json', 'it is no text'],
  [parseJson, 'words.txt', 'it is no JSON: line 1 (InvalidSymbol)'],
  [parseJson, 'empty.json', 'it is no JSON: line 1 (ValueExpected)'],
  [parseToml, 'deep.toml', 'it is nested too deeply'],
  [parseToml, 'words.txt', 'it is no TOML: line 1'],
  [parseToml, 'binary.bin', 'it is no text'],
  [parseYaml, 'deep.yaml', 'it is nested too deeply'],
  [parseYaml, 'bomb.yaml', 'it is no YAML that can be read: an alias leads nowhere, or far too many do'],
  [parseYaml, 'alias.yaml', 'it is no YAML that can be read: an alias leads nowhere, or far too many do'],
  [parseDotenv, 'binary.bin', 'it is no text']
])('%o refuses %s: %s', async (parse, name, message) => {
  const text = await fixture(name)

  expect(() => parse(text)).toThrow(message)
})

test.each([
  [parseYaml, '- x\n'],
  [parseToml, 'a = 1\n'],
  [parseDotenv, 'A=1\n']
])('%o refuses what would keep the program from serving', (parse, line) => {
  expect(() => parse(line.repeat(100_000))).toThrow(UnreadableFile)
})

test('no message repeats what stands in the file', () => {
  const secret = 'sk-secret-in-a-broken-file'
  const broken: readonly (readonly [(text: string) => unknown, string])[] = [
    [parseJson, `{"a": ${secret}}`],
    [parseToml, `a = ${secret}`],
    [parseYaml, `a: [${secret}\nb: "`]
  ]

  for (const [parse, text] of broken) {
    expect(() => parse(text)).toThrow(UnreadableFile)
    expect(() => parse(text)).not.toThrow(secret)
  }
})

test('JSON may hold comments, trailing commas and a byte order mark', () => {
  expect(parseJson('\uFEFF{ // a\n"a": [1, 2,], /* b */ }')).toEqual({ a: [1, 2] })
})

test('YAML merges, and runs no tags of its own', async () => {
  expect(parseYaml('a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n')).toEqual({ a: { x: 1 }, b: { x: 1, y: 2 } })
  expect(parseYaml(await fixture('tag.yaml'))).toEqual({ model_list: 'function () { process.exit() }' })
})

test('dotenv reads quotes, exports and Windows line ends', () => {
  expect(parseDotenv('# c\r\nexport A="1 2"\r\nB=\'3\'\r\n')).toEqual({ A: '1 2', B: '3' })
})
