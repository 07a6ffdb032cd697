import { expect, test } from 'vitest'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { usedUp } from '../../../../test/e2e/support/sample-data'
import { BudgetsState } from './budgets.svelte'

test('what was told while an answer was on its way is newer than the answer', async () => {
  const backend = new FakeBackend()
  const budgets = new BudgetsState(backend)
  const stop = budgets.listen()
  let answer: (() => void) | undefined
  const waits = new Promise<void>((resolve) => (answer = resolve))
  backend.answer('budgets.list', async () => {
    await waits
    return { budgets: [usedUp('c', { state: 'ok', spentUsd: 0 })] }
  })
  const loaded = budgets.load()
  backend.emit('budgets.changed', { budgets: [usedUp('c')] })
  answer?.()
  await loaded
  expect(budgets.of('channel', 'c')?.state).toBe('used_up')
  await budgets.load()
  expect(budgets.of('channel', 'c')?.state).toBe('ok')
  stop()
})
