import { expect, test } from 'vitest'
import { ENCRYPTED_FORMAT, isEncryptedExport } from './encrypted-export'

const header = JSON.stringify({ format: ENCRYPTED_FORMAT, version: 7 })

test.each([
  [`${header}\nAAAA\n`, true],
  [`\uFEFF\r\n${header}\r\nAAAA`, true],
  [header, true],
  ['{"channels":[]}', false],
  ['{\n  "channels": []\n}', false],
  [`"${ENCRYPTED_FORMAT}"`, false],
  ['', false]
])('%j is an encrypted export: %s', (text, is) => {
  expect(isEncryptedExport(text)).toBe(is)
})
