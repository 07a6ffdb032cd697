import { mkdirSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { Journal } from '../../src/main/storage/logs/journal'
import { LogDatabase } from '../../src/main/storage/logs/log-database'
import type { Prices } from '../../src/main/storage/logs/prices'
import { encodeRecord } from '../../src/main/storage/logs/record-codec'
import { journalDir } from '../../src/main/storage/logs/segments'
import type { RequestRecord } from '../../src/shared/request-log'
import { FakeClock } from './fake-clock'
import { silentLogger } from './silent-logger'
import { makeTempDir } from './temp-dir'

/** logs.db with a journal before it, in this thread, in a folder of its own or again in one that was left. */
export async function openLogs(said: { readonly dir?: string; readonly prices?: Prices } = {}) {
  const dataDir = said.dir ?? (await makeTempDir())
  mkdirSync(journalDir(dataDir), { recursive: true })
  const clock = new FakeClock()
  const journal = new Journal({ dir: journalDir(dataDir), clock, logger: silentLogger() })
  onTestFinished(() => journal.close())
  const bad: string[] = []
  const logs = new LogDatabase({
    dataDir,
    ownFrom: journal.position.segment,
    now: () => clock.now(),
    onBad: (reason) => bad.push(reason)
  })
  onTestFinished(() => logs.close())

  /** Commits what the journal holds; how many rows that were. */
  const drain = (): number => {
    let rows = 0
    for (let more = true; more;) {
      more = logs.gather()
      if (logs.hasNews) rows += logs.commit(said.prices ?? null).rows.length
    }
    return rows
  }

  return {
    dir: dataDir,
    clock,
    journal,
    logs,
    bad,
    drain,
    append: (...records: readonly RequestRecord[]) => {
      for (const record of records) journal.append([encodeRecord(record)])
    },
    /** All ids, newest first. */
    ids: () => logs.requests.select('ORDER BY at DESC, seq DESC', []).map(({ row }) => row.id)
  }
}
