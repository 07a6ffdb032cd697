import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'

const variants = z.array(z.object({ declarations: z.array(z.string()), match: z.record(z.string(), z.string()) }))
const messageFile = z.record(z.string(), z.union([z.string(), variants]))
type Message = z.infer<typeof messageFile>[string]

const features = readdirSync('messages/en').map((name) => basename(name, '.json'))

function read(locale: string, feature: string): ReadonlyMap<string, Message> {
  const { $schema: _, ...texts } = messageFile.parse(
    JSON.parse(readFileSync(join('messages', locale, `${feature}.json`), 'utf8'))
  )
  return new Map(Object.entries(texts))
}

const textsOf = (message: Message): readonly string[] =>
  typeof message === 'string' ? [message] : message.flatMap(({ match }) => Object.values(match))

/** The names in braces that a caller has to give: those of all variants, and what a plural is chosen by. */
function inputsOf(message: Message): readonly string[] {
  const inText = textsOf(message).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))
  const declared =
    typeof message === 'string'
      ? []
      : message.flatMap(({ declarations }) =>
          declarations.filter((line) => line.startsWith('input ')).map((line) => line.slice('input '.length))
        )
  return [...new Set([...inText, ...declared])].sort()
}

test('the project names every file of texts, in both languages', () => {
  const project = readFileSync('project.inlang/settings.json', 'utf8')
  for (const feature of features) expect(project).toContain(`./messages/{locale}/${feature}.json`)
  expect(readdirSync('messages/zh-CN').map((name) => basename(name, '.json'))).toEqual(features)
})

test.each(features)('%s: both languages say the same things with the same parts', (feature) => {
  const en = read('en', feature)
  const zh = read('zh-CN', feature)
  expect([...zh.keys()].sort()).toEqual([...en.keys()].sort())
  for (const [key, message] of en) {
    expect({ key, inputs: inputsOf(zh.get(key) ?? '') }).toEqual({ key, inputs: inputsOf(message) })
  }
})

test.each(features)('%s: each text is named after its feature, and none is empty', (feature) => {
  const prefix = `${feature.replaceAll('-', '_')}_`
  for (const locale of ['en', 'zh-CN']) {
    for (const [key, message] of read(locale, feature)) {
      expect(key.startsWith(prefix), key).toBe(true)
      for (const text of textsOf(message)) expect(text.trim(), key).not.toBe('')
    }
  }
})

test.each(features)('%s: no sentence was left in English', (feature) => {
  const en = read('en', feature)
  const left = [...read('zh-CN', feature)]
    .filter(([key, message]) => JSON.stringify(en.get(key)) === JSON.stringify(message))
    .filter(([, message]) => textsOf(message).some((text) => /[a-z]{3,} [a-z]{3,}/.test(text)))
  expect(left.map(([key]) => key)).toEqual([])
})
