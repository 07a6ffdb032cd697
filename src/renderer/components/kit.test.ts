import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-svelte'
import Chart from './Chart.svelte'
import Combobox from './Combobox.svelte'
import NumberField from './NumberField.svelte'
import Select from './Select.svelte'
import Slider from './Slider.svelte'
import Stat from './Stat.svelte'
import Switch from './Switch.svelte'
import { roundUp, toData } from './chart-options'

test('a number is taken at Enter and by the arrows, inside its limits', async () => {
  const onchange = vi.fn<(value: number) => void>()
  const screen = await render(NumberField, { value: 64, label: 'Size', min: 1, max: 100, onchange })
  const field = screen.getByRole('spinbutton', { name: 'Size' })
  await field.fill('80')
  await userEvent.keyboard('{Enter}')
  expect(onchange).toHaveBeenLastCalledWith(80)
  await field.fill('1000')
  await expect.element(field).toHaveAttribute('aria-invalid', 'true')
  await userEvent.keyboard('{Escape}')
  await expect.element(field).toHaveValue('64')
  await field.fill('100')
  await userEvent.keyboard('{ArrowUp}')
  expect(onchange).toHaveBeenLastCalledWith(100)
  await userEvent.keyboard('{ArrowDown}')
  expect(onchange).toHaveBeenLastCalledWith(63)
})

test('a number that can not be taken stays as it was typed, and the field says what can', async () => {
  const onchange = vi.fn<(value: number) => void>()
  const props = { label: 'Size', min: 1, max: 3650, onchange }
  const screen = await render(NumberField, { ...props, value: 64 })
  const field = screen.getByRole('spinbutton', { name: 'Size' })
  const allowed = screen.getByText('Takes a whole number from 1 to 3,650.')
  for (const typed of ['0', '-3', '999999', '1.5', 'abc', '']) {
    await field.fill(typed)
    await userEvent.keyboard('{Tab}')
    await expect.element(allowed).toBeVisible()
    await expect.element(field).toHaveValue(typed)
  }
  expect(onchange).not.toHaveBeenCalled()
  expect(field.element().matches(':invalid')).toBe(true)

  await field.fill('7')
  await expect.element(allowed).not.toBeInTheDocument()
  await userEvent.keyboard('{Enter}')
  expect(onchange).toHaveBeenLastCalledWith(7)
  await field.fill('x')
  await userEvent.keyboard('{Tab}')
  await screen.rerender({ ...props, value: 90 })
  await expect.element(field).toHaveValue('90')
})

test('a switch shows its owner’s state, and only asks for another', async () => {
  const onchange = vi.fn<(checked: boolean) => void>()
  const screen = await render(Switch, { checked: true, label: 'Main', onchange })
  const toggle = screen.getByRole('switch', { name: 'Main' })
  await toggle.click()
  expect(onchange).toHaveBeenCalledExactlyOnceWith(false)
  await expect.element(toggle).toBeChecked()
  await screen.rerender({ checked: true, label: 'Main', onchange, fixed: 'The config file sets it' })
  await toggle.click({ force: true })
  expect(onchange).toHaveBeenCalledOnce()
})

test('a choice is made from the keyboard', async () => {
  const onchange = vi.fn<(value: string) => void>()
  const options = [
    { value: 'a', label: 'First' },
    { value: 'b', label: 'Second' }
  ]
  const screen = await render(Select, { value: 'a', options, label: 'Order', onchange })
  const trigger = screen.getByLabelText('Order')
  await expect.element(trigger).toMatchTextContent('First')
  ;(trigger.element() as HTMLElement).focus()
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByRole('option', { name: 'Second' })).toBeVisible()
  await userEvent.keyboard('{ArrowDown}{Enter}')
  expect(onchange).toHaveBeenCalledExactlyOnceWith('b')
})

test('a free combobox takes what is typed as well as what it offers', async () => {
  const onchange = vi.fn<(value: string) => void>()
  const options = [{ value: 'claude-opus-4-5', label: 'claude-opus-4-5' }]
  const screen = await render(Combobox, { value: '', options, label: 'Model', free: true, onchange })
  const field = screen.getByRole('combobox', { name: 'Model' })
  await field.fill('opus')
  await screen.getByRole('option', { name: 'claude-opus-4-5' }).click()
  expect(onchange).toHaveBeenLastCalledWith('claude-opus-4-5')
  await field.fill('my-own-model')
  await userEvent.tab()
  expect(onchange).toHaveBeenLastCalledWith('my-own-model')
})

test('a slider tells each key, and reads out what it means', async () => {
  const onchange = vi.fn<(value: number) => void>()
  const screen = await render(Slider, { value: 2, max: 10, label: 'Weight', valueText: 'twice', onchange })
  const thumb = screen.getByRole('slider', { name: 'Weight' })
  await expect.element(thumb).toHaveAttribute('aria-valuetext', 'twice')
  ;(thumb.element() as HTMLElement).focus()
  await userEvent.keyboard('{ArrowRight}')
  expect(onchange).toHaveBeenCalledExactlyOnceWith(3)
})

const times = [0, 60_000, 120_000]
const series = [
  { id: 'a', label: 'Main', color: 'var(--chart-1)', values: [1, null, 3] },
  { id: 'b', label: 'Backup', color: 'var(--chart-2)', values: [2, 2, null] }
]

test('a chart is drawn, read as a table, and its series are switched off by their names', async () => {
  const screen = await render(Chart, { title: 'Cost', times, series, format: (value: number) => `$${value}` })
  await expect.element(screen.getByRole('table', { name: 'Cost as a table' })).toMatchTextContent('$1')
  await vi.waitFor(() => expect(screen.container.querySelector('canvas')).not.toBeNull())
  const toggle = screen.getByRole('button', { name: 'Show or hide Backup' })
  await toggle.click()
  await expect.element(toggle).toHaveAttribute('aria-pressed', 'false')
  await screen.getByRole('button', { name: 'Show or hide Main' }).click()
  await expect
    .element(screen.getByRole('button', { name: 'Show or hide Main' }))
    .toHaveAttribute('aria-pressed', 'true')
})

test('the widest label of an axis fits beside what is drawn', async () => {
  const dollars = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' })
  const large = [{ id: 'a', label: 'Main', color: 'var(--chart-1)', values: [900, 14_000, 12_000] }]
  const screen = await render(Chart, {
    title: 'Cost',
    times,
    series: large,
    format: (value: number) => dollars.format(value)
  })
  const drawn = await vi.waitFor(() => {
    const over = screen.container.querySelector<HTMLElement>('.u-over')
    if (!over) throw new Error('nothing is drawn yet')
    return over
  })
  const pen = document.createElement('canvas').getContext('2d')
  if (!pen) throw new Error('there is no canvas')
  pen.font = `11px ${getComputedStyle(drawn).fontFamily}`
  expect(drawn.offsetLeft).toBeGreaterThanOrEqual(pen.measureText('$15,000.00').width)
})

test('a figure is never cut, and what it changed by gives way', async () => {
  const target = document.createElement('dl')
  target.style.width = '136px'
  document.body.append(target)
  const change = { text: '>999%', title: '>999% more than before' }
  const screen = await render(Stat, { target, props: { label: 'Cost', value: '$1,213.44', change } })
  const figure = screen.getByText('$1,213.44').element()
  const fits = (): boolean =>
    figure.scrollWidth <= target.clientWidth &&
    figure.getBoundingClientRect().right <= target.getBoundingClientRect().right
  expect(fits()).toBe(true)
  const line = figure.closest('dd')
  const isSeen = (text: Element): boolean =>
    text.getBoundingClientRect().top < (line?.getBoundingClientRect().bottom ?? 0)
  expect(isSeen(screen.getByText('>999%', { exact: true }).element())).toBe(false)
  expect(line?.clientHeight).toBe(26)

  await screen.rerender({ label: 'Cost', value: '$1.44', change })
  expect(isSeen(screen.getByText('>999%', { exact: true }).element())).toBe(true)
  await screen.rerender({ label: 'Cost', value: '$123,456', change })
  expect(fits()).toBe(true)
})

test('a chart without a value says so and draws nothing', async () => {
  const nothing = series.map((one) => ({ ...one, values: [null, null, 0] }))
  const screen = await render(Chart, { title: 'Cost', times, series: nothing, format: String, empty: 'No cost yet' })
  await expect.element(screen.getByText('No cost yet')).toBeVisible()
  expect(screen.container.querySelector('canvas')).toBeNull()
})

test('stacked values stand on those before them; a gap adds nothing', () => {
  expect(toData(times, { kind: 'bars', stacked: true, series })).toEqual([
    [0, 60, 120],
    [1, 0, 3],
    [3, 2, 3]
  ])
  expect(toData(times, { kind: 'line', stacked: false, series })[1]).toEqual([1, null, 3])
})

test.each([
  [0, 1],
  [0.03, 0.03],
  [7.2, 8],
  [1284, 1500],
  [9_999, 10_000]
])('an axis for %s ends at %s', (value, end) => expect(roundUp(value)).toBeCloseTo(end, 9))
