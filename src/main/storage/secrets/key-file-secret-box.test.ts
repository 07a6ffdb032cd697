import fs, { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { silentLogger } from '../../../../test/support/silent-logger'
import { builtinSpy } from '../../../../test/support/builtin-spy'
import { makeTempDir } from '../../../../test/support/temp-dir'
import { openKeyFileSecretBox as open } from './key-file-secret-box'
import { seal, unseal } from './seal'

const openKeyFileSecretBox = (dir: string) => open(dir, silentLogger())

test('what is sealed is read again after a restart, and never stands there in clear', async () => {
  const dir = await makeTempDir()
  const sealed = await (await openKeyFileSecretBox(dir)).encrypt('sk-secret 渠道')

  expect(sealed.includes('sk-secret')).toBe(false)
  await expect((await openKeyFileSecretBox(dir)).decrypt(sealed)).resolves.toBe('sk-secret 渠道')
})

test('the key file holds 32 random bytes for its owner alone', async () => {
  const [one, other] = [await makeTempDir(), await makeTempDir()]
  for (const dir of [one, other]) await openKeyFileSecretBox(dir)

  expect(statSync(join(one, 'secret.key')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(one, 'secret.key'))).toHaveLength(32)
  expect(readFileSync(join(one, 'secret.key')).equals(readFileSync(join(other, 'secret.key')))).toBe(false)
})

test('the same text is sealed differently each time', async () => {
  const box = await openKeyFileSecretBox(await makeTempDir())

  expect((await box.encrypt('same')).equals(await box.encrypt('same'))).toBe(false)
})

test('a changed byte, a cut end or another key makes a secret unreadable, not wrong', async () => {
  const box = await openKeyFileSecretBox(await makeTempDir())
  const sealed = await box.encrypt('sk-secret')
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8(sealed.readUInt8(index) ^ 1, index)
    await expect(box.decrypt(changed)).rejects.toMatchObject({ code: 'secret_unreadable' })
  }
  for (const length of [0, 1, 20, sealed.length - 1]) {
    await expect(box.decrypt(sealed.subarray(0, length))).rejects.toMatchObject({ code: 'secret_unreadable' })
  }

  const other = await openKeyFileSecretBox(await makeTempDir())
  await expect(other.decrypt(sealed)).rejects.toMatchObject({ code: 'secret_unreadable' })
})

test('a key file of the wrong size is refused and left as it is', async () => {
  const dir = await makeTempDir()
  writeFileSync(join(dir, 'secret.key'), 'short')

  await expect(openKeyFileSecretBox(dir)).rejects.toMatchObject({ code: 'key_file_damaged' })

  expect(readFileSync(join(dir, 'secret.key'), 'utf8')).toBe('short')
})

test('a folder in the place of the key file is refused with its path', async () => {
  const dir = await makeTempDir()
  mkdirSync(join(dir, 'secret.key'))

  await expect(openKeyFileSecretBox(dir)).rejects.toMatchObject({
    code: 'key_file_damaged',
    message: expect.stringContaining(join(dir, 'secret.key')) as string
  })
})

test('a secret that was sealed for one entry is refused in the place of another', async () => {
  const box = await openKeyFileSecretBox(await makeTempDir())
  const sealed = await seal(box, 'channel:ch_1', 'sk-secret')

  await expect(unseal(box, 'channel:ch_1', sealed)).resolves.toBe('sk-secret')
  await expect(unseal(box, 'channel:ch_2', sealed)).rejects.toMatchObject({ code: 'secret_unreadable' })
  await expect(unseal(box, 'client-key:ch_1', sealed)).rejects.toMatchObject({ code: 'secret_unreadable' })
})

test.skipIf(process.platform === 'win32').each([0o644, 0o640, 0o602])(
  'a key file that others can reach (mode %o) is closed to them, and told',
  async (mode) => {
    const dir = await makeTempDir()
    const sealed = await (await openKeyFileSecretBox(dir)).encrypt('sk-secret')
    chmodSync(join(dir, 'secret.key'), mode)
    const logger = silentLogger()

    const box = await open(dir, logger)

    expect(statSync(join(dir, 'secret.key')).mode & 0o777).toBe(0o600)
    expect(logger.lines).toMatchObject([{ level: 'warn', context: { path: join(dir, 'secret.key') } }])
    await expect(box.decrypt(sealed)).resolves.toBe('sk-secret')
  }
)

test.skipIf(process.platform === 'win32')('a key file that can not be closed to others is refused', async () => {
  const dir = await makeTempDir()
  await openKeyFileSecretBox(dir)
  chmodSync(join(dir, 'secret.key'), 0o644)
  builtinSpy(vi.spyOn(fs, 'chmodSync')).mockImplementationOnce(() => {
    throw Object.assign(new Error('operation not permitted'), { code: 'EPERM' })
  })

  await expect(openKeyFileSecretBox(dir)).rejects.toMatchObject({ name: 'StorageError', code: 'key_file_exposed' })
})

test('a key file that only its owner can reach is taken without a word', async () => {
  const dir = await makeTempDir()
  const logger = silentLogger()
  await open(dir, logger)
  await open(dir, logger)

  expect(logger.lines).toEqual([])
})
