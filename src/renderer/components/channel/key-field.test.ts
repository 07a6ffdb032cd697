import { expect, test } from 'vitest'
import { render } from 'vitest-browser-svelte'
import KeyField from './KeyField.svelte'

const shown = { value: '', removes: false, id: 'key', describedby: undefined, invalid: false, disabled: false }

test('a key that was replaced is shown as the one that is there once it is saved', async () => {
  const screen = await render(KeyField, { ...shown, saved: { last4: '1111' } })
  await screen.getByRole('button', { name: 'Replace' }).click()
  await expect.element(screen.getByRole('button', { name: 'Keep the old one' })).toBeVisible()
  await screen.rerender({ value: 'sk-new-2222' })
  await screen.rerender({ saved: { last4: '1111' } })
  await expect.element(screen.getByRole('button', { name: 'Keep the old one' })).toBeVisible()

  await screen.rerender({ value: '', saved: { last4: '2222' } })

  await expect.element(screen.getByText(/2222/).first()).toBeVisible()
  await expect.element(screen.getByRole('button', { name: 'Replace' })).toBeVisible()
})

test('a field that was emptied by hand, or waits for a key, stays open', async () => {
  const screen = await render(KeyField, { ...shown, saved: { last4: '1111' } })
  await screen.getByRole('button', { name: 'Replace' }).click()
  const field = screen.getByPlaceholder('new key')
  await screen.rerender({ placeholder: 'new key' })
  await field.fill('sk-wrong')
  await field.fill('')
  await screen.rerender({ saved: { last4: '1111' } })

  await expect.element(field).toBeVisible()
})
