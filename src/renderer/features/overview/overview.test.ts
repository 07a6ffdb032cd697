import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleOverview, sampleRequest } from '../../../../test/e2e/support/sample-data'
import { sampleBucket } from '../../../../test/e2e/support/sample-overview'
import type { TimeBucket } from '../../../shared/stats'
import { OverviewState } from './overview.svelte'

const now = Date.UTC(2026, 2, 14, 15, 9, 26)
const minute = 60_000

beforeEach(() => {
  localStorage.clear()
  vi.useFakeTimers({ now })
})
afterEach(() => void vi.useRealTimers())

/** Answers with these buckets, as far as they lie in the period asked for; the groups of what is grouped as given. */
function setup(buckets: () => readonly TimeBucket[] = () => []) {
  const backend = new FakeBackend()
  backend.answer('stats.timeseries', ({ from, to, groupBy }) => ({
    buckets: buckets()
      .filter(({ at }) => at >= from && at < to)
      .map((bucket) => (groupBy ? bucket : { ...bucket, group: null }))
  }))
  backend.answer('clientKeys.list', () => ({ keys: [] }))
  const overview = new OverviewState(backend)
  onTestFinished(overview.listen())
  const asked = (name: string): unknown[] =>
    backend.made.filter((call) => call.name === name).map(({ params }) => params)
  return { backend, overview, asked }
}

const shown = (overview: OverviewState) => {
  if (overview.figures.kind !== 'ready') throw new Error(`the figures are ${overview.figures.kind}`)
  return overview.figures.value
}

test('figures, the period before and the points of the span come together', async () => {
  const { overview, asked } = setup(() => [sampleBucket(now - 26_000 - 9 * minute, { group: 'main' })])
  await overview.setSpan('1h')
  const { present, before, points, costs, requestsByChannel } = shown(overview)
  expect(present).toEqual(sampleOverview)
  expect(before).toEqual(sampleOverview)
  expect(points).toHaveLength(60)
  expect(points.filter(({ requests }) => requests > 0)).toHaveLength(1)
  expect(costs.groups).toMatchObject([{ group: 'main', costUsd: 0.5 }])
  expect(requestsByChannel.get('main')).toBe(10)
  expect(asked('stats.overview')).toEqual([
    { from: now + 34_000 - 60 * minute, to: now },
    { from: now + 34_000 - 120 * minute, to: now - 60 * minute }
  ])
})

test('however many requests end, figures are asked for once in 1.5 s, and only buckets that may have changed', async () => {
  const { backend, overview, asked } = setup()
  await overview.setSpan('1h')
  backend.made.length = 0
  for (let index = 0; index < 20; index++) {
    backend.emit('request.finished', { rows: [sampleRequest(String(index), { at: now - 3 * minute })] })
  }
  expect(backend.made).toEqual([])
  await vi.advanceTimersByTimeAsync(1_500)
  expect(asked('stats.overview')).toHaveLength(1)
  const seconds = 26_000
  expect(asked('stats.timeseries')).toEqual([
    { from: now - seconds - 3 * minute, to: now + 1_500, bucket: 'minute', every: 1 },
    // Its bars are two minutes each.
    expect.objectContaining({ from: now - seconds - 3 * minute, every: 2, groupBy: 'channel' })
  ])
})

test('the charts ask for the very period that the figures count, so that their sums are the figures', async () => {
  const { overview, asked } = setup()
  for (const span of ['24h', '7d', '30d', '90d'] as const) {
    await overview.setSpan(span)
    const [counted] = asked('stats.overview').slice(-2)
    const series = asked('stats.timeseries').slice(-2)
    for (const query of series) expect(query).toMatchObject(counted as object)
  }
})

test('where the begin of the period has moved on, its first point is another one and asked for anew', async () => {
  const { backend, overview, asked } = setup()
  await overview.setSpan('1h')
  vi.setSystemTime(now + minute)
  backend.made.length = 0
  backend.emit('request.finished', { rows: [sampleRequest('1', { at: now + minute })] })
  await vi.advanceTimersByTimeAsync(1_500)
  const [counted] = asked('stats.overview')
  expect(asked('stats.timeseries')[0]).toMatchObject(counted as object)
})

test('what was loaded before stays in the charts beside what is new', async () => {
  let buckets = [sampleBucket(now - 26_000 - 30 * minute), sampleBucket(now - 26_000 - minute)]
  const { backend, overview } = setup(() => buckets)
  await overview.setSpan('1h')
  buckets = [sampleBucket(now - 26_000 - minute, { requests: 99 })]
  backend.emit('request.finished', { rows: [sampleRequest('1', { at: now - minute })] })
  await vi.advanceTimersByTimeAsync(1_500)
  expect(shown(overview).points.flatMap(({ requests }) => (requests > 0 ? [requests] : []))).toEqual([10, 99])
})

test('every half minute everything is asked for anew, so that the charts move on', async () => {
  const { overview, asked, backend } = setup()
  await overview.setSpan('15m')
  const { frame } = shown(overview)
  backend.made.length = 0
  await vi.advanceTimersByTimeAsync(60_000)
  expect(shown(overview).frame.from).toBe(frame.from + minute)
  expect(asked('stats.timeseries').at(-1)).toMatchObject({ from: frame.from + minute })
})

test('a page that nobody sees asks for nothing', async () => {
  const { overview, backend } = setup()
  await overview.load()
  backend.made.length = 0
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  onTestFinished(() => hidden.mockRestore())
  backend.emit('request.finished', { rows: [sampleRequest('1', { at: now })] })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(backend.made).toEqual([])
  hidden.mockReturnValue(false)
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(0)
  expect(backend.made).not.toEqual([])
})

test('a span that was chosen while another loads is the one that is shown', async () => {
  const { overview } = setup()
  await Promise.all([overview.setSpan('1h'), overview.setSpan('7d')])
  expect(shown(overview).span).toBe('7d')
})

test('a refresh that fails keeps the figures and says why; a first load that fails has none to keep', async () => {
  const { overview, backend } = setup()
  await overview.load()
  backend.fail('stats.overview', 'internal', 'The database is locked')
  await overview.load()
  expect(overview.figures.kind).toBe('ready')
  expect(overview.refreshFailure?.message).toBe('The database is locked')
  await overview.setSpan('7d')
  expect(overview.figures).toMatchObject({ kind: 'failed', failure: { message: 'The database is locked' } })
})

test('what a failed refresh did not bring, the next one does', async () => {
  const { overview, backend, asked } = setup()
  await overview.setSpan('1h')
  backend.fail('stats.overview', 'internal', 'The database is locked')
  backend.emit('request.finished', { rows: [sampleRequest('1', { at: now - 20 * minute })] })
  await vi.advanceTimersByTimeAsync(1_500)
  backend.answer('stats.overview', () => sampleOverview)
  backend.made.length = 0
  backend.emit('request.finished', { rows: [sampleRequest('2', { at: now })] })
  await vi.advanceTimersByTimeAsync(1_500)
  expect(asked('stats.timeseries')[0]).toMatchObject({ from: now - 26_000 - 20 * minute })
  expect(overview.refreshFailure).toBeNull()
})

test('by client, keys are named, and one that is revoked is asked for once', async () => {
  const { overview, backend, asked } = setup(() => [
    sampleBucket(now - minute, { group: 'key-1' }),
    sampleBucket(now - minute, { group: 'gone' })
  ])
  const key = {
    id: 'key-1',
    name: 'laptop',
    last4: 'abcd',
    createdAt: 0,
    lastUsedAt: null,
    allowedChannels: null,
    budget: null
  }
  backend.answer('clientKeys.list', () => ({ keys: [{ ...key, managedBy: 'user' }] }))
  await overview.setGrouping('clientKey')
  await overview.load()
  expect(overview.clientKeyNames.get('key-1')).toBe('laptop')
  expect(overview.clientKeyNames.get('gone')).toBeNull()
  expect(asked('clientKeys.list')).toHaveLength(1)
})

test('the span and the grouping are remembered', async () => {
  const { backend, overview } = setup()
  await overview.setSpan('7d')
  await overview.setGrouping('model')
  const later = new OverviewState(backend)
  expect([later.span, later.grouping]).toEqual(['7d', 'model'])
  localStorage.setItem('routex.overview.span', 'a century')
  expect(new OverviewState(backend).span).toBe('24h')
})
