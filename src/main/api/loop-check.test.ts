import { expect, test } from 'vitest'
import { pointsAtUs } from './loop-check'

const local = [{ host: '127.0.0.1', port: 8080 }]

test.each([
  ['http://127.0.0.1:8080', true],
  ['http://localhost:8080/v1', true],
  ['http://LOCALHOST:8080', true],
  ['http://[::1]:8080', true],
  ['http://127.1:8080', true],
  ['http://[::ffff:127.0.0.1]:8080', true],
  ['http://0.0.0.0:8080/v1', true],
  ['http://0:8080', true],
  ['http://[::]:8080', true],
  ['http://[::ffff:0.0.0.0]:8080', true],
  ['http://localhost.:8080', true],
  ['http://0.0.0.0:8081', false],
  ['http://2130706433:8080', true],
  ['https://routex.localhost:8080', true],
  ['http://127.0.0.1:8081', false],
  ['http://192.168.1.5:8080', false],
  ['https://api.anthropic.com', false],
  ['not a url', false]
])('B41 %s leads back to 127.0.0.1:8080: %s', (baseUrl, loop) => {
  expect(pointsAtUs(baseUrl, local)).toBe(loop)
})

test('B41 the default port of a scheme counts', () => {
  expect(pointsAtUs('http://localhost/v1', [{ host: '0.0.0.0', port: 80 }])).toBe(true)
  expect(pointsAtUs('https://localhost/v1', [{ host: '::', port: 443 }])).toBe(true)
})

test('B41 an address that the listener was bound to by name counts', () => {
  expect(pointsAtUs('http://192.168.1.5:9000', [{ host: '192.168.1.5', port: 9000 }])).toBe(true)
  expect(pointsAtUs('http://localhost:9000', [{ host: '192.168.1.5', port: 9000 }])).toBe(false)
})
