import { expect, test } from 'vitest'
import { contentCoding } from './client-exchange'

test.each([
  'identity',
  'utf-8',
  'UTF8',
  'utf-16le',
  'binary',
  'none',
  '8bit',
  'us-ascii',
  'iso-8859-1',
  '',
  ' ',
  'identity, utf-8'
])('the content encoding %j is none: the body is as it is', (coding) => {
  expect(contentCoding({ 'content-encoding': coding })).toBeNull()
})

test.each([
  ['gzip', 'gzip'],
  [' GZIP ', 'gzip'],
  ['utf-8, gzip', 'gzip'],
  ['gzip, br', 'gzip, br'],
  ['aws-chunked', 'aws-chunked']
])('the content encoding %j is %s', (header, coding) => {
  expect(contentCoding({ 'content-encoding': header })).toBe(coding)
  expect(contentCoding({ 'content-encoding': header.split(',') })).toBe(coding)
})

test('without the header there is none', () => {
  expect(contentCoding({})).toBeNull()
})
