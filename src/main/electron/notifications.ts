import { Notification } from 'electron'
import type { BudgetStanding } from '../../shared/budget'
import { calls } from '../../shared/contract'
import type { ChannelHealthView } from '../../shared/health'
import type { Clock, Logger, Stop } from '../../shared/ports'
import { inOtherWords } from '../../shared/rest-cause'
import type { UpdateStatus } from '../../shared/updates'
import type { Api } from '../api/api'
import { BudgetNews } from './budget-news'
import { ChannelNewsDesk, type ChannelNews } from './channel-news'
import type { ChannelWatch } from './channel-watch'
import type { LiveSettings } from './live-settings'
import type { ShellStrings } from './strings'

export interface NotificationOptions {
  readonly api: Pick<Api, 'call' | 'on'>
  readonly channels: ChannelWatch
  readonly settings: LiveSettings
  readonly strings: () => ShellStrings
  readonly clock: Clock
  readonly logger: Logger
  /** Opens the window at that place of the page's router. */
  readonly onOpen: (place: string) => void
}

/** Shown notifications are kept here: one that is collected loses its click. */
const shown = new Set<Notification>()

/** Shows a notification where the system has any. */
export function notify(title: string, body: string, onClick: () => void): boolean {
  if (!Notification.isSupported()) return false
  const notification = new Notification({ title, body })
  const forget = (): void => void shown.delete(notification)
  notification.on('click', () => {
    forget()
    onClick()
  })
  notification.on('close', forget)
  shown.add(notification)
  notification.show()
  return true
}

/** Tells of channels that fail or are back, of budgets and of an update that is ready, each as the settings say. */
export function startNotifications({
  api,
  channels,
  settings,
  strings,
  clock,
  logger,
  onOpen
}: NotificationOptions): Stop {
  const desk = new ChannelNewsDesk(clock, (news) => {
    const { channelFailing, channelBack } = settings.settings.notifications
    if (!(news.kind === 'failing' ? channelFailing : channelBack)) return
    const [first] = news.channels
    const { title, body } = wordsOf(news, strings())
    const isOne = news.channels.length === 1 && first !== undefined
    notify(title, body, () => onOpen(isOne ? `#/channels?id=${encodeURIComponent(first.id)}` : '#/channels'))
  })
  let readyVersion: string | null = null
  const onUpdate = (status: UpdateStatus): void => {
    if (status.kind !== 'ready' || status.version === readyVersion) return
    readyVersion = status.version
    if (!settings.settings.notifications.updateReady) return
    const { updateReady, updateReadyHint } = strings()
    notify(updateReady(status.version), updateReadyHint, () => onOpen('#/settings?section=updates'))
  }
  const budgets = new BudgetNews()
  const onBudgets = (standings: readonly BudgetStanding[]): void => {
    for (const standing of budgets.update(standings)) {
      if (!settings.settings.notifications.budget) continue
      const { title, body } = budgetWords(standing, strings())
      notify(title, body, () => onOpen(placeOf(standing)))
    }
  }
  api
    .call('budgets.list', {})
    .then((result) => budgets.begin(calls['budgets.list'].result.parse(result).budgets))
    .catch((error: unknown) => logger.error('the budgets could not be read', { error }))
  const stops = [
    channels.onChange((present) => desk.update(present)),
    api.on('updates.changed', onUpdate),
    api.on('budgets.changed', ({ budgets: standings }) => onBudgets(standings))
  ]
  return () => {
    for (const stop of stops) stop()
    desk.stop()
    for (const notification of shown) notification.close()
    shown.clear()
  }
}

const placeOf = ({ owner }: BudgetStanding): string =>
  owner.kind === 'channel' ? `#/channels?id=${encodeURIComponent(owner.id)}` : '#/settings?section=security'

function budgetWords({ owner, state, spentUsd, limitUsd, until }: BudgetStanding, strings: ShellStrings) {
  const usd = new Intl.NumberFormat(strings.locale, { style: 'currency', currency: 'USD' })
  const when = new Intl.DateTimeFormat(strings.locale, { dateStyle: 'medium', timeStyle: 'short' })
  return {
    title: state === 'used_up' ? strings.budgetUsedUp(owner.name) : strings.budgetWarned(owner.name),
    body: strings.budgetHint(usd.format(spentUsd), usd.format(limitUsd), when.format(until))
  }
}

/** In the shell's language; the upstream's words stay as they are. */
const causeOf = ({ cause }: ChannelHealthView, { causes, causeTold }: ShellStrings): string | undefined =>
  cause === undefined ? undefined : inOtherWords(cause, (kind) => causes[kind], causeTold)

function wordsOf({ kind, channels }: ChannelNews, strings: ShellStrings) {
  const names = channels.map(({ name }) => name).join(strings.locale === 'en' ? ', ' : '、')
  const [first] = channels
  const isOne = channels.length === 1 && first !== undefined
  if (kind === 'back')
    return isOne
      ? { title: strings.back(first.name), body: strings.backHint }
      : { title: strings.manyBack(channels.length), body: names }
  return isOne
    ? { title: strings.failing(first.name), body: causeOf(first, strings) ?? strings.failingHint }
    : { title: strings.manyFailing(channels.length), body: names }
}
