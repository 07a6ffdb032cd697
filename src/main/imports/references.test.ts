import { expect, test } from 'vitest'
import { phrase } from '../../shared/phrase'
import { credentialOf, DOLLAR, LITELLM, variableOf } from './references'

const environment = { KEY: 'the key', EMPTY: ' ', ROUTEX_MANAGEMENT_TOKEN: 'own', routex_key: 'own' }

test.each([
  ['$KEY', DOLLAR],
  ['${KEY}', DOLLAR],
  ['os.environ/KEY', LITELLM]
])('%s is the variable’s value, and says so', (text, pattern) => {
  expect(credentialOf(text, pattern, environment)).toEqual({
    credential: { value: 'the key', variable: 'KEY' },
    notes: []
  })
})

test.each(['sk-$KEY', '$', '${KEY}x', 'os.environ/KEY', '{env:KEY}'])(
  '%s is a text of its own where $ refers',
  (text) => {
    expect(credentialOf(text, DOLLAR, environment).credential).toEqual({ value: text, variable: null })
  }
)

test.each(['EMPTY', 'ABSENT', 'ROUTEX_MANAGEMENT_TOKEN', 'routex_key', 'constructor', '__proto__'])(
  'the variable %s gives nothing',
  (name) => {
    expect(variableOf(environment, name)).toBeUndefined()
    expect(credentialOf(`$${name}`, DOLLAR, environment)).toEqual({
      credential: null,
      notes: [phrase('key_variable_unset', { variable: name })]
    })
  }
)
