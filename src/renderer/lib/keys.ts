const isMac = /mac/i.test(navigator.userAgent)

const labels: Readonly<Record<string, string>> = isMac
  ? { mod: '⌘', shift: '⇧', alt: '⌥', enter: '↵', escape: 'Esc', delete: '⌫' }
  : { mod: 'Ctrl', shift: 'Shift', alt: 'Alt', enter: '↵', escape: 'Esc', delete: 'Del' }

/** What stands on the keys of a shortcut on this system: `mod+k` is ⌘ K on a Mac and Ctrl K elsewhere. */
export function keyLabels(keys: string): readonly string[] {
  return keys.split(/[+ ]/).map((key) => labels[key] ?? (key.length === 1 ? key.toUpperCase() : key))
}

/** Whether a keystroke is this shortcut. `mod` is Cmd on a Mac and Ctrl elsewhere. */
export function isShortcut(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split('+')
  const mod = isMac ? event.metaKey : event.ctrlKey
  const foreign = isMac ? event.ctrlKey : event.metaKey
  if (mod !== parts.includes('mod') || foreign || event.altKey !== parts.includes('alt')) return false
  const key = parts.at(-1)
  // What needs Shift to be typed (`?`) is told by the character itself.
  if (parts.includes('shift') && !event.shiftKey) return false
  return event.key.toLowerCase() === key
}

/** Whether a keystroke goes into a text, or finds a choice, so that a single letter must not be taken for a shortcut. */
export function isTyping(event: Event): boolean {
  const target = event.target
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable ||
    // Choices are found by their letters, open (the focus stays on the button) or not; a list that is a part of the page is none.
    target.closest(
      'input:not([type=checkbox]), textarea, select, [role=combobox], [data-select-content], [role=menu]'
    ) !== null
  )
}
