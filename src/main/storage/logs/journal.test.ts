import { closeSync, ftruncateSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { FakeClock } from '../../../../test/support/fake-clock'
import { silentLogger } from '../../../../test/support/silent-logger'
import { makeTempDir } from '../../../../test/support/temp-dir'
import { Journal, type JournalFiles } from './journal'
import { listSegments } from './segments'

/** Files on a disk that takes so many bytes more. */
class FullingDisk implements JournalFiles {
  room = Number.POSITIVE_INFINITY

  open(path: string): number {
    return openSync(path, 'ax', 0o600)
  }

  write(file: number, bytes: Buffer, length: number): number {
    if (this.room === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    const taken = writeSync(file, bytes, 0, Math.min(length, this.room))
    this.room -= taken
    return taken
  }

  truncate(file: number, length: number): void {
    ftruncateSync(file, length)
  }

  close(file: number): void {
    closeSync(file)
  }
}

async function setup() {
  const dir = join(await makeTempDir(), 'journal')
  const clock = new FakeClock()
  const logger = silentLogger()
  const disk = new FullingDisk()
  const journal = new Journal({ dir, clock, logger, files: disk })
  onTestFinished(() => journal.close())
  const written = (): string[] =>
    listSegments(dir).flatMap((name) =>
      readFileSync(join(dir, name), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.slice(9))
    )
  return { dir, clock, logger, disk, journal, written }
}

test('a record stands on disk when append returns: its check sum, its text, a line break', async () => {
  const { dir, journal } = await setup()

  journal.append(['["渠道"]'])

  const [segment = ''] = listSegments(dir)
  const sum = crc32('["渠道"]').toString(16).padStart(8, '0')
  expect(readFileSync(join(dir, segment), 'utf8')).toBe(`${sum} ["渠道"]\n`)
  expect(statSync(join(dir, segment)).mode & 0o777).toBe(0o600)
  expect(journal.position).toEqual({ segment, offset: statSync(join(dir, segment)).size })
  expect(journal.appended).toBe(1)
})

test('a record of any length is written whole', async () => {
  const { journal, written } = await setup()
  const records = [10, 20_000, 300_000].map((length) => `["${'é'.repeat(length)}"]`)

  for (const record of records) journal.append([record])

  expect(written()).toEqual(records)
})

test('a new segment is begun at 8 MiB, and after each start', async () => {
  const { dir, clock, logger, journal, written } = await setup()
  const record = `["${'x'.repeat(1024 * 1024)}"]`

  for (let count = 0; count < 9; count++) journal.append([record])
  expect(listSegments(dir)).toHaveLength(2)
  expect(written()).toHaveLength(9)

  const again = new Journal({ dir, clock, logger })
  onTestFinished(() => again.close())
  const segments = listSegments(dir)
  expect(segments).toHaveLength(3)
  expect(segments.at(-1)).toBe(again.position.segment)
})

test('B30 on a full disk records wait in memory and are written in their order once there is room', async () => {
  const { clock, disk, logger, journal, written } = await setup()
  journal.append(['["first"]'])
  disk.room = 0

  for (let count = 0; count < 100; count++) journal.append([`[${count}]`])
  clock.advance(5000)
  expect(journal).toMatchObject({ waiting: 100, dropped: 0, lastError: expect.stringContaining('ENOSPC') as string })
  expect(written()).toEqual(['["first"]'])
  disk.room = Number.POSITIVE_INFINITY
  journal.append(['["last"]'])
  clock.advance(1000)

  expect(written()).toEqual(['["first"]', ...Array.from({ length: 100 }, (_, count) => `[${count}]`), '["last"]'])
  expect(journal).toMatchObject({ waiting: 0, appended: 102, lastError: null })
  expect(clock.pendingTimers).toBe(0)
  expect(logger.lines.map(({ level }) => level)).toEqual(['error', 'info'])
})

test('B30 a record of which the disk took a part is taken back and written whole later', async () => {
  const { clock, disk, journal, written } = await setup()
  journal.append(['["before"]'])
  disk.room = 7
  journal.append(['["torn by the disk"]'])
  disk.room = 0
  expect(written()).toEqual(['["before"]'])

  disk.room = Number.POSITIVE_INFINITY
  clock.advance(1000)

  expect(written()).toEqual(['["before"]', '["torn by the disk"]'])
})

test('B30 of what waits in memory 10,000 records are kept, the rest is dropped and counted', async () => {
  const { clock, disk, journal, written } = await setup()
  disk.room = 0
  for (let count = 0; count < 10_050; count++) journal.append([`[${count}]`])
  expect(journal).toMatchObject({ waiting: 10_000, dropped: 50 })

  disk.room = Number.POSITIVE_INFINITY
  clock.advance(1000)
  journal.append(['["next"]'])

  expect(written()).toHaveLength(10_001)
  expect(written().at(-2)).toBe('[9999]')
})

test('a disk that fills again while it is caught up with keeps the rest waiting', async () => {
  const { clock, disk, journal, written } = await setup()
  disk.room = 0
  for (let count = 0; count < 10; count++) journal.append([`[${count}]`])
  disk.room = 5 * '00000000 [0]\n'.length

  clock.advance(1000)

  expect(written()).toEqual(['[0]', '[1]', '[2]', '[3]', '[4]'])
  expect(journal.waiting).toBe(5)
})

test('close ends the retries', async () => {
  const { dir } = await setup()
  const clock = new FakeClock()
  const disk = new FullingDisk()
  const journal = new Journal({ dir, clock, logger: silentLogger(), files: disk })
  disk.room = 0
  journal.append(['[]'])
  expect(clock.pendingTimers).toBe(1)

  journal.close()

  expect(clock.pendingTimers).toBe(0)
})

test('a folder that can not be used is told by its name', async () => {
  const dir = join(await makeTempDir(), 'journal')
  writeFileSync(dir, '')

  const open = (): Journal => new Journal({ dir, clock: new FakeClock(), logger: silentLogger() })

  expect(open).toThrow(expect.objectContaining({ code: 'data_folder_unusable' }))
  expect(open).toThrow(dir)
})
