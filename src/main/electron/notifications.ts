import { Notification } from 'electron'
import type { Clock, Stop } from '../../shared/ports'
import type { UpdateStatus } from '../../shared/updates'
import type { Api } from '../api/api'
import { ChannelNewsDesk, type ChannelNews } from './channel-news'
import type { ChannelWatch } from './channel-watch'
import type { LiveSettings } from './live-settings'
import type { ShellStrings } from './strings'

export interface NotificationOptions {
  readonly api: Pick<Api, 'on'>
  readonly channels: ChannelWatch
  readonly settings: LiveSettings
  readonly strings: () => ShellStrings
  readonly clock: Clock
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

/** Tells of channels that fail or are back, and of an update that is ready, each as the settings say. */
export function startNotifications({ api, channels, settings, strings, clock, onOpen }: NotificationOptions): Stop {
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
  const stops = [channels.onChange((present) => desk.update(present)), api.on('updates.changed', onUpdate)]
  return () => {
    for (const stop of stops) stop()
    desk.stop()
    for (const notification of shown) notification.close()
    shown.clear()
  }
}

function wordsOf({ kind, channels }: ChannelNews, strings: ShellStrings) {
  const names = channels.map(({ name }) => name).join(strings.locale === 'en' ? ', ' : '、')
  const [first] = channels
  const isOne = channels.length === 1 && first !== undefined
  if (kind === 'back')
    return isOne
      ? { title: strings.back(first.name), body: strings.backHint }
      : { title: strings.manyBack(channels.length), body: names }
  return isOne
    ? { title: strings.failing(first.name), body: first.cause ?? strings.failingHint }
    : { title: strings.manyFailing(channels.length), body: names }
}
