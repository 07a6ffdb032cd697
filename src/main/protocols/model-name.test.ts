import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mapModel, matchesModel, plainNames } from './model-name'

describe('a channel’s models', () => {
  test('are globs over the whole name', () => {
    expect(matchesModel(['claude-*'], 'claude-opus-4')).toBe(true)
    expect(matchesModel(['claude-*'], 'my-claude-opus')).toBe(false)
    expect(matchesModel(['gpt-?'], 'gpt-5')).toBe(true)
    expect(matchesModel(['gpt-?'], 'gpt-')).toBe(false)
    expect(matchesModel(['*'], '')).toBe(true)
    expect(matchesModel(['a.c'], 'abc')).toBe(false)
    expect(matchesModel(['*/qwen*:free'], 'a/b/qwen3:free')).toBe(true)
    expect(matchesModel([], 'x')).toBe(false)
    expect(matchesModel(['x'], 'X')).toBe(false)
  })

  test('match as a regular expression would', () => {
    const letters = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }).map((chars) => chars.join(''))
    const globs = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 6 }).map((chars) => chars.join(''))
    fc.assert(
      fc.property(globs, letters, (glob, name) => {
        const expression = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        expect(matchesModel([glob], name)).toBe(expression.test(name))
      }),
      { numRuns: 1000 }
    )
  })

  test('a long name of a client’s takes no long time against many stars', () => {
    expect(matchesModel([`${'*a'.repeat(30)}b`], 'a'.repeat(20_000))).toBe(false)
  })

  test('are known by name where they are no globs', () => {
    expect(plainNames(['claude-*', 'gpt-5', 'a?'])).toEqual(['gpt-5'])
  })
})

describe('a channel’s modelMap', () => {
  test('an exact name wins over globs, globs go in their order, and nothing else changes', () => {
    const map = { 'claude-*': 'any', 'claude-opus': 'big', '*-haiku': 'small' }
    expect(mapModel(map, 'claude-opus')).toBe('big')
    expect(mapModel(map, 'claude-haiku')).toBe('any')
    expect(mapModel(map, 'my-haiku')).toBe('small')
    expect(mapModel(map, 'gpt-5')).toBe('gpt-5')
    expect(mapModel({}, 'constructor')).toBe('constructor')
  })

  test('Claude’s sizes stand for all names of that size, whatever their generation', () => {
    const map = { haiku: 'small', sonnet: 'medium', opus: 'large' }
    expect(mapModel(map, 'claude-haiku-4-5-20251001')).toBe('small')
    expect(mapModel(map, 'claude-3-5-sonnet-latest')).toBe('medium')
    expect(mapModel(map, 'claude-opus-4-1[1m]')).toBe('large')
    expect(mapModel(map, 'anthropic/claude-3-opus@20240229')).toBe('large')
    expect(mapModel(map, 'opus')).toBe('large')
    expect(mapModel(map, 'magnum-opus')).toBe('magnum-opus')
    expect(mapModel(map, 'claude-opusculum-1')).toBe('claude-opusculum-1')
    expect(plainNames(Object.keys(map))).toEqual([])
  })

  test('globs and sizes go in the order they were written', () => {
    expect(mapModel({ 'claude-*': 'any', opus: 'large' }, 'claude-opus-5')).toBe('any')
    expect(mapModel({ opus: 'large', 'claude-*': 'any' }, 'claude-opus-5')).toBe('large')
  })

  test('a star in the sent name is what the key’s star stood for', () => {
    expect(mapModel({ 'claude-*': 'anthropic/claude-*' }, 'claude-opus-5')).toBe('anthropic/claude-opus-5')
    expect(mapModel({ '*-latest': 'x/*' }, 'gpt-5-latest')).toBe('x/gpt-5')
    expect(mapModel({ '*': 'x-*' }, '$&')).toBe('x-$&')
    expect(mapModel({ 'a*b*': 'x-*' }, 'a1b2')).toBe('x-*')
  })
})
