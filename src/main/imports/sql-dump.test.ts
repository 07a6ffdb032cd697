import { expect, test } from 'vitest'
import { readDump } from './sql-dump'

const rows = (sql: string, most = 10): unknown[] =>
  readDump(sql, new Set(['t']), most).rows.map(({ values }) => ({ ...values }))

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
  [
    `CREATE TABLE IF NOT EXISTS "t" (a TEXT NOT NULL DEFAULT 'x, y', \`b c\` NUMERIC(10, 2) CHECK ("b c" > (1)), PRIMARY KEY (a, "b c"));
     CREATE TABLE u (z); INSERT INTO t VALUES ('x', 1), (NULL, 3);`,
    [
      { a: 'x', 'b c': 1 },
      { a: null, 'b c': 3 }
    ]
  ],
  ['CREATE TABLE t (a, b', []],
  ['/* never ends', []],
  ['', []]
])('of %s it reads %j', (sql, read) => {
  expect(rows(sql)).toEqual(read)
})

test('no more rows are read than asked for', () => {
  expect(rows(`INSERT INTO t (a) VALUES ${Array.from({ length: 50 }, () => '(1)').join(', ')};`, 3)).toHaveLength(3)
})

test.each([
  ['INSERT INTO t VALUES (1); INSERT INTO t VALUES (2);', { withoutColumns: 2, unread: 0 }],
  ['CREATE TABLE t AS SELECT 1; INSERT INTO t VALUES (1);', { withoutColumns: 1, unread: 0 }],
  ['CREATE TABLE t (a); INSERT INTO t VALUES (1, 2);', { withoutColumns: 0, unread: 1 }],
  [
    'INSERT INTO t (a) SELECT 1; INSERT INTO t (a) VALUES (f(1)); INSERT INTO u VALUES (1)',
    { withoutColumns: 0, unread: 2 }
  ]
])('of %s it says what it could not read: %j', (sql, told) => {
  expect(readDump(sql, new Set(['t']), 10)).toMatchObject({ rows: [], ...told })
})
