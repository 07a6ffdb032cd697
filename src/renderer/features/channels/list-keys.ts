import type { ChannelId } from '../../../shared/ids'
import { isShortcut, isTyping } from '../../lib/keys'

interface ListKeys {
  /** In the order shown. */
  readonly ids: readonly ChannelId[]
  readonly hasSelection: boolean
  readonly select: (id: ChannelId) => void
  readonly selectAll: () => void
  readonly clear: () => void
  readonly step: (id: ChannelId, by: -1 | 1) => void
  /** Gives the row the focus. */
  readonly focus: (id: ChannelId) => void
  /** `id`: the row in focus; null when there is none. */
  readonly remove: (id: ChannelId | null) => void
}

/** Keys of the list of channels, wherever the focus is that is not in a text, a menu or a dialog. */
export function handleListKey(event: KeyboardEvent, list: ListKeys): void {
  if (event.defaultPrevented || isTyping(event) || document.querySelector('[role=dialog], [role=menu]') !== null) return
  const target = event.target instanceof HTMLElement ? event.target : null
  const inPanel = target?.closest('aside') !== null && target !== null
  if (inPanel) return
  const focused = target?.dataset['channel']
  const at = list.ids.findIndex((id) => id === focused)
  const id = list.ids[at] ?? null
  if (!act(event, list, id, at)) return
  event.preventDefault()
}

/** True when the key was meant for the list. */
function act(event: KeyboardEvent, list: ListKeys, id: ChannelId | null, at: number): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return actModified(event, list, id)
  if (event.key === 'Escape' && list.hasSelection) list.clear()
  else if ((event.key === 'Delete' || event.key === 'Backspace') && (id !== null || list.hasSelection)) list.remove(id)
  else if (event.key === 'x' && id !== null) list.select(id)
  else return walk(event, list, id, at)
  return true
}

function actModified(event: KeyboardEvent, list: ListKeys, id: ChannelId | null): boolean {
  if (isShortcut(event, 'mod+a')) list.selectAll()
  else if (id !== null && isShortcut(event, 'alt+arrowup')) list.step(id, -1)
  else if (id !== null && isShortcut(event, 'alt+arrowdown')) list.step(id, 1)
  else return false
  return true
}

function walk(event: KeyboardEvent, list: ListKeys, id: ChannelId | null, at: number): boolean {
  const next = list.ids[targetOf(event, id, at, list.ids.length) ?? -1]
  if (next !== undefined) list.focus(next)
  return next !== undefined || (id !== null && /^(j|k|Arrow(Up|Down))$/.test(event.key))
}

/** The place that a key leads to from `at`; null for another key. Letters begin at the top where no row has the focus. */
function targetOf({ key }: KeyboardEvent, id: ChannelId | null, at: number, count: number): number | null {
  if (id === null) return key === 'j' || key === 'k' ? 0 : null
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return at + 1
    case 'k':
    case 'ArrowUp':
      return at - 1
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}
