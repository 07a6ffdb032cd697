import { expect, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { silentLogger } from '../../../test/support/silent-logger'
import { Announcement } from './announcement'

function setup() {
  const clock = new FakeClock()
  const logger = silentLogger()
  const disk = { full: false, tries: 0, file: null as string | null }
  const announcement = new Announcement({
    write: (url) => {
      disk.tries += 1
      if (disk.full) throw new Error('ENOSPC: no space left on device')
      disk.file = url
    },
    whenFailed: 'nobody can find it',
    clock,
    logger
  })
  return { clock, logger, disk, announcement }
}

test('what can not be written is logged once, and written when there is room again', () => {
  const { clock, logger, disk, announcement } = setup()
  disk.full = true
  announcement.tell('http://127.0.0.1:1')
  clock.advance(60_000)
  expect(disk.tries).toBe(13)
  expect(logger.lines).toMatchObject([{ level: 'warn', message: 'nobody can find it', context: { error: {} } }])
  disk.full = false
  clock.advance(5000)
  expect([disk.file, clock.pendingTimers]).toEqual(['http://127.0.0.1:1', 0])
})

test('what is told later takes the place of what waits', () => {
  const { clock, disk, announcement } = setup()
  disk.full = true
  announcement.tell('http://127.0.0.1:1')
  disk.full = false
  announcement.tell('http://127.0.0.1:2')
  clock.advance(60_000)
  expect([disk.file, clock.pendingTimers]).toEqual(['http://127.0.0.1:2', 0])
})

test('what stands in the file already is not written again', () => {
  const { disk, announcement } = setup()
  announcement.tell(null)
  announcement.tell('http://127.0.0.1:1')
  announcement.tell('http://127.0.0.1:1')
  expect(disk.tries).toBe(2)
})

test('stop ends the waiting', () => {
  const { clock, disk, announcement } = setup()
  disk.full = true
  announcement.tell(null)
  announcement.stop()
  expect(clock.pendingTimers).toBe(0)
})
