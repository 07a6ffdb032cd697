import { expect, onTestFinished, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-svelte'
import Select from '../components/Select.svelte'
import { shortcuts, type Shortcut } from './shortcuts.svelte'

function press(key: string, target: EventTarget = document.body, init: KeyboardEventInit = {}): void {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init })
  const handle = (heard: KeyboardEvent): void => shortcuts.handle(heard)
  addEventListener('keydown', handle)
  target.dispatchEvent(event)
  removeEventListener('keydown', handle)
}

function shortcut(keys: string): Shortcut & { readonly run: ReturnType<typeof vi.fn<() => void>> } {
  const made = { keys, label: () => keys, group: 'actions' as const, run: vi.fn<() => void>() }
  onTestFinished(shortcuts.add([made]))
  return made
}

function add<T extends HTMLElement>(element: T): T {
  document.body.append(element)
  onTestFinished(() => element.remove())
  return element
}

test('a letter runs its shortcut, and none where a text is typed', () => {
  const pause = shortcut('p')
  press('p')
  press('p', add(document.createElement('input')))
  press('p', add(document.createElement('textarea')))
  expect(pause.run).toHaveBeenCalledOnce()
})

test('a letter runs its shortcut from a list in the page, and none from open choices, which find by letters', () => {
  const search = shortcut('/')
  const list = add(document.createElement('div'))
  list.setAttribute('role', 'listbox')
  press('/', list)
  expect(search.run).toHaveBeenCalledOnce()
  list.setAttribute('data-select-content', '')
  press('/', list)
  expect(search.run).toHaveBeenCalledOnce()
})

test('a letter on a drop-down, which looks for the choice that begins with it, is no shortcut', async () => {
  const pause = shortcut('p')
  const chosen = vi.fn<(value: string) => void>()
  const options = [
    { value: 'a', label: 'Round robin' },
    { value: 'b', label: 'Priority' }
  ]
  const screen = await render(Select, { props: { value: 'a', label: 'Strategy', options, onchange: chosen } })
  const handle = (heard: KeyboardEvent): void => shortcuts.handle(heard)
  addEventListener('keydown', handle)
  onTestFinished(() => removeEventListener('keydown', handle))

  await screen.getByLabelText('Strategy').click()
  await userEvent.keyboard('p{Enter}')
  expect(chosen).toHaveBeenLastCalledWith('b')
  await userEvent.keyboard('p')
  expect(pause.run).not.toHaveBeenCalled()
})

test('a shortcut with Ctrl works while a text is typed, but undo stays the text’s', () => {
  const [palette, undo] = [shortcut('mod+k'), shortcut('mod+z')]
  const field = add(document.createElement('input'))
  press('k', field, { ctrlKey: true })
  press('z', field, { ctrlKey: true })
  expect(palette.run).toHaveBeenCalledOnce()
  expect(undo.run).not.toHaveBeenCalled()
  press('z', document.body, { ctrlKey: true })
  expect(undo.run).toHaveBeenCalledOnce()
  press('k')
  press('k', document.body, { ctrlKey: true, altKey: true })
  expect(palette.run).toHaveBeenCalledOnce()
})

test('letters are left alone while a dialog is open', () => {
  const pause = shortcut('p')
  const dialog = add(document.createElement('div'))
  dialog.setAttribute('role', 'dialog')
  press('p')
  expect(pause.run).not.toHaveBeenCalled()
})

test('the page’s own shortcut goes before the frame’s, until the page is left', () => {
  const frame = shortcut('n')
  const page: Shortcut = { keys: 'n', label: () => 'n', group: 'page', run: vi.fn<() => void>() }
  const stop = shortcuts.add([page])
  press('n')
  expect(page.run).toHaveBeenCalledOnce()
  stop()
  press('n')
  expect(page.run).toHaveBeenCalledOnce()
  expect(frame.run).toHaveBeenCalledOnce()
})

test('a key that was handled already, or composes a character, runs nothing', () => {
  const pause = shortcut('p')
  const stop = (event: Event): void => event.preventDefault()
  document.body.addEventListener('keydown', stop)
  press('p')
  document.body.removeEventListener('keydown', stop)
  press('p', document.body, { isComposing: true })
  expect(pause.run).not.toHaveBeenCalled()
})
