import { untrack } from 'svelte'
import { isShortcut, isTyping } from './keys'

export interface Shortcut {
  /** `1`, `mod+k`, `?` (lib/keys.ts). */
  readonly keys: string
  /** What it does, in the language of the moment. */
  readonly label: () => string
  /** Where the sheet of shortcuts lists it; `page` are those of the page that is open. */
  readonly group: 'pages' | 'actions' | 'page'
  /** Left out where the page handles the key itself, and the sheet only has to list it. */
  readonly run?: () => void
}

/** Every shortcut that works at the moment: the frame's, and those of the page that is open. */
class Shortcuts {
  list: readonly Shortcut[] = $state.raw([])

  /** Returns what takes them away again; made for an effect. */
  add(shortcuts: readonly Shortcut[]): () => void {
    this.list = [...untrack(() => this.list), ...shortcuts]
    return () => void (this.list = untrack(() => this.list).filter((shortcut) => !shortcuts.includes(shortcut)))
  }

  /** Runs what a keystroke stands for. A single letter and undo are left to a text that is being typed, letters to a dialog too. */
  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return
    const withModifier = event.ctrlKey || event.metaKey
    const typing = isTyping(event)
    if (!withModifier && (typing || document.querySelector('[role=dialog], [role=menu]') !== null)) return
    if (typing && event.key === 'z') return
    const shortcut = this.list.findLast(({ keys, run }) => run !== undefined && isShortcut(event, keys))
    if (!shortcut?.run) return
    event.preventDefault()
    shortcut.run()
  }
}

/** One for the page. */
export const shortcuts = new Shortcuts()
