import { expect, test } from 'vitest'
import { PHRASES, phrase, phraseSchema } from './phrase'
import { inEnglish } from './phrase-in-english'
import en from '../../messages/en/phrases.json'
import zh from '../../messages/zh-CN/phrases.json'

const valuesIn = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))].toSorted()

test.each([
  ['en', en],
  ['zh-CN', zh]
])('every phrase has words with all its values in %s, and nothing else has', (_, { $schema: _schema, ...words }) => {
  const said = Object.entries(words).map(([key, text]) => [key, valuesIn(text)])

  expect(said).toEqual(Object.entries(PHRASES).map(([code, names]) => [`phrases_${code}`, [...names].toSorted()]))
})

test('a phrase in English has its values in their places', () => {
  const one = phrase('row', { table: 'providers', number: '3' })

  expect(inEnglish(one)).toBe('providers, row 3')
  expect(phraseSchema.parse(one)).toEqual(one)
  expect(phraseSchema.safeParse({ code: 'toString', values: {} }).success).toBe(false)
})
