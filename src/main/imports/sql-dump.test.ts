import { expect, test } from 'vitest'
import { rowsOfDump } from './sql-dump'

const rows = (sql: string, most = 10): unknown[] =>
  rowsOfDump(sql, new Set(['t']), most).map(({ values }) => ({ ...values }))

test.each([
  [`INSERT INTO t (a) VALUES ('x');`, [{ a: 'x' }]],
  [`insert into "t" ("a", [b]) values ('x', 1);`, []],
  [
    'INSERT INTO `t` (`a`, "b c") VALUES (1, -2.5e1), (NULL, x\'6162\')',
    [
      { a: 1, 'b c': -25 },
      { a: null, 'b c': '6162' }
    ]
  ],
  [`INSERT INTO t (a) VALUES ('it''s; -- no comment');`, [{ a: "it's; -- no comment" }]],
  [`-- INSERT INTO t (a) VALUES (1);\n/* ; */ INSERT INTO t (a) VALUES (2);`, [{ a: 2 }]],
  [
    `CREATE TABLE t (a DEFAULT 'INSERT INTO t (a) VALUES (1);'); INSERT INTO u (a) VALUES (1); INSERT INTO t (a) VALUES (2)`,
    [{ a: 2 }]
  ],
  [`INSERT INTO t (a) VALUES (load_extension('x')); INSERT INTO t (a) SELECT 1; INSERT INTO t VALUES (1);`, []],
  [`INSERT INTO t (a, b) VALUES (1);`, []],
  [`INSERT INTO t (a) VALUES ('never ends`, []],
  ['INSERT INTO t (a', []],
  ['/* never ends', []],
  ['', []]
])('of %s it reads %j', (sql, read) => {
  expect(rows(sql)).toEqual(read)
})

test('no more rows are read than asked for', () => {
  expect(rows(`INSERT INTO t (a) VALUES ${Array.from({ length: 50 }, () => '(1)').join(', ')};`, 3)).toHaveLength(3)
})
