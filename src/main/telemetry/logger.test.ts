import { expect, test } from 'vitest'
import { createLogger, type LogLevel } from './logger'

function capture(options: { json: boolean; level?: LogLevel }) {
  const lines: string[] = []
  const log = createLogger({ level: 'info', ...options, write: (line) => lines.push(line) })
  return { lines, log }
}

test('a JSON line holds level, time, message and context', () => {
  const { lines, log } = capture({ json: true })
  log.warn('the config file was refused', { path: '/etc/routex.json' })
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'warn',
    time: expect.any(Number) as number,
    msg: 'the config file was refused',
    path: '/etc/routex.json'
  })
})

test('a line for people stands on one line', () => {
  const { lines, log } = capture({ json: false })
  log.info('listening', { url: 'http://127.0.0.1:8080', channels: 2 })
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT\S+Z info {2}listening url=http:\/\/127\.0\.0\.1:8080 channels=2\n$/)
})

test('messages below the level are not written', () => {
  const { lines, log } = capture({ json: true, level: 'error' })
  log.debug('a')
  log.info('b')
  log.warn('c')
  log.error('d')
  expect(lines).toHaveLength(1)
})

test('an error is written with its cause', () => {
  const { lines, log } = capture({ json: false })
  log.error('failed', { error: new Error('outer', { cause: new Error('inner') }) })
  expect(lines[0]).toContain('outer')
  expect(lines[0]).toContain('inner')
})

test('values under the names of secrets are blotted out', () => {
  const { lines, log } = capture({ json: true })
  log.info('saved', { apiKey: 'sk-live-1', channel: { apiKey: 'sk-live-2', name: 'main' } })
  expect(lines[0]).not.toContain('sk-live')
  expect(lines[0]).toContain('main')
})

test('the name of a client key is no secret', () => {
  const { lines, log } = capture({ json: true })
  log.warn('a stored secret can not be read', { clientKeyName: 'Laptop' })
  expect(lines[0]).toContain('Laptop')
})
