import { expect, test } from 'vitest'
import { StorageError } from '../errors'
import { costFor, PassphraseBox } from './passphrase-box'

const PASSPHRASE = 'correct horse battery staple'
const SECRET = Buffer.from('{"apiKey":"sk-secret 渠道"}')
/** The cheapest cost that is read. */
const frugal = new PassphraseBox(() => 2 ** 14)

const codeOf = async (opening: Promise<Buffer>): Promise<string> =>
  opening.then(
    () => 'opened',
    (error: unknown) => {
      if (!(error instanceof StorageError)) throw error
      return error.code
    }
  )

function withHeader(text: string, change: (header: Record<string, unknown>) => object): string {
  const [line = '', ...rest] = text.split('\n')
  return [JSON.stringify(change(JSON.parse(line) as Record<string, unknown>)), ...rest].join('\n')
}

test('what was sealed is opened by its passphrase, and stands nowhere in the text', async () => {
  const text = await frugal.seal(SECRET, PASSPHRASE)

  expect(text).not.toMatch(/sk-secret|apiKey/)
  expect(text.split('\n')[0]).toMatch(
    /^{"format":"routex-encrypted-config","version":1,"kdf":{"name":"scrypt","N":16384,/
  )
  expect((await frugal.open(text, PASSPHRASE)).equals(SECRET)).toBe(true)
})

test('two seals of the same have nothing in common', async () => {
  const [one, other] = [await frugal.seal(SECRET, PASSPHRASE), await frugal.seal(SECRET, PASSPHRASE)]
  expect(one.split('\n').slice(1)).not.toEqual(other.split('\n').slice(1))
})

test('with memory to spare it costs scrypt’s N of 2^17, and less of what is left with less', () => {
  const costs = [4096, 512, 511, 256, 255, 0].map((mebibytes) => Math.log2(costFor(mebibytes * 1024 * 1024)))
  expect(costs).toEqual([17, 17, 16, 16, 15, 15])
})

test('the same letters open it, in whichever code points they were typed', async () => {
  const text = await frugal.seal(SECRET, 'Schlüssel wörter')
  expect(await codeOf(frugal.open(text, 'Schlu\u0308ssel wo\u0308rter'))).toBe('opened')
})

test.each([
  ['line ends of another system', (text: string) => text.replaceAll('\n', '\r\n')],
  ['a byte order mark and blank lines', (text: string) => `\uFEFF\n  ${text}\n\n`],
  ['one long line', (text: string) => text.replace('\n', '\r').replaceAll('\n', '').replace('\r', '\n')],
  [
    'its header spaced and ordered otherwise',
    (text: string) => withHeader(text, ({ version, ...rest }) => ({ ...rest, version })).replace(',', ' , ')
  ]
])('it is opened with %s', async (_what, change) => {
  const text = await frugal.seal(SECRET, PASSPHRASE)
  expect(await codeOf(frugal.open(change(text), PASSPHRASE))).toBe('opened')
})

test('a wrong passphrase is told from a file that was changed', async () => {
  const text = await frugal.seal(SECRET, PASSPHRASE)
  const [header = '', ...lines] = text.split('\n')
  const body = lines.join('')
  const flipped = (body.startsWith('A') ? 'B' : 'A') + body.slice(1)

  expect(await codeOf(frugal.open(text, `${PASSPHRASE} `))).toBe('passphrase_wrong')
  expect(await codeOf(frugal.open(`${header}\n${flipped}`, PASSPHRASE))).toBe('encrypted_export_damaged')
  expect(await codeOf(frugal.open(`${header}\n${body.slice(0, -8)}`, PASSPHRASE))).toBe('encrypted_export_damaged')
  expect(await codeOf(frugal.open(`${header}\n${body}AAAA`, PASSPHRASE))).toBe('encrypted_export_damaged')
  expect(await codeOf(frugal.open(`${header}\n`, PASSPHRASE))).toBe('encrypted_export_damaged')
  expect(await codeOf(frugal.open(`${header}\n<html>`, PASSPHRASE))).toBe('encrypted_export_damaged')
})

test('no value of the header can be changed', async () => {
  const text = await frugal.seal(SECRET, PASSPHRASE)
  const kdf = (change: object) => (header: Record<string, unknown>) => ({
    ...header,
    kdf: { ...(header['kdf'] as object), ...change }
  })
  const zeros = Buffer.alloc(32).toString('base64')

  expect(await codeOf(frugal.open(withHeader(text, kdf({ N: 2 ** 15 })), PASSPHRASE))).toBe('passphrase_wrong')
  expect(await codeOf(frugal.open(withHeader(text, kdf({ salt: zeros })), PASSPHRASE))).toBe('passphrase_wrong')
  for (const change of [
    kdf({ N: 2 ** 30 }),
    kdf({ N: 2 ** 10 }),
    kdf({ N: 40_000 }),
    kdf({ r: 1024 }),
    kdf({ p: 4096 }),
    kdf({ name: 'none' }),
    kdf({ salt: '' }),
    (header: object) => ({ ...header, more: 1 }),
    (header: object) => ({ ...header, check: 7 }),
    (header: object) => ({ ...header, version: 0 })
  ]) {
    expect(await codeOf(frugal.open(withHeader(text, change), PASSPHRASE))).toBe('encrypted_export_damaged')
  }
  const nonce = { name: 'aes-256-gcm', nonce: Buffer.alloc(12).toString('base64') }
  const moved = withHeader(text, (header) => ({ ...header, cipher: nonce }))
  expect(await codeOf(frugal.open(moved, PASSPHRASE))).toBe('passphrase_wrong')
})

test('one of a newer Routex is told as such, whatever else it says', async () => {
  const text = await frugal.seal(SECRET, PASSPHRASE)
  const newer = withHeader(text, ({ format }) => ({ format, version: 2, anything: ['else'] }))
  await expect(frugal.open(newer, PASSPHRASE)).rejects.toMatchObject({ code: 'encrypted_export_newer', status: 422 })
})

test.each(['', 'sk-secret', '{}', '{"format":"other","version":1}', '[]', 'null', '{"channels":[]}', '\0'])(
  'the text %j is no export, and no error repeats it',
  async (text) => {
    const opening = frugal.open(text, PASSPHRASE)
    await expect(opening).rejects.toMatchObject({ code: 'encrypted_export_invalid', status: 422 })
    await expect(opening).rejects.not.toThrow('sk-secret')
  }
)
