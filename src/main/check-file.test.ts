import { expect, test } from 'vitest'
import { makeChannel } from '../../test/support/make-channel'
import { fileConfig } from '../shared/config-file'
import { settings } from '../shared/settings'
import { checkFile } from './check-file'

const main = { name: 'Main', protocol: 'anthropic', baseUrl: 'https://api.anthropic.com' }
const budgetTo = (switchTo: string) => ({ period: 'day', limitUsd: 5, then: 'switch', switchTo })
const saved = [makeChannel('ch_saved', { name: 'Saved', slug: 'saved' })]
const check = (file: unknown) => checkFile(fileConfig.parse(file), { saved, settings: settings.parse({}) }, {})

test.each(['Spare', 'spare', 'file:spare', 'Saved', 'ch_saved'])(
  'a budget of the file may switch to %s, which is there',
  (switchTo) => {
    const budget = budgetTo(switchTo)
    const channels = [
      { ...main, budget },
      { ...main, name: 'Spare' }
    ]
    expect(check({ channels, clientKeys: [{ name: 'CI', key: 'a-key-that-is-long-enough', budget }] })).toEqual([])
  }
)

test('a budget of the file that switches to nowhere, or to its own channel, is refused with its place and what there is', () => {
  const channels = [
    { ...main, budget: budgetTo('Nope') },
    { ...main, name: 'Spare', budget: budgetTo('Spare') }
  ]
  const clientKeys = [{ name: 'CI', key: 'a-key-that-is-long-enough', budget: budgetTo('Nope') }]

  expect(check({ channels, clientKeys })).toEqual([
    {
      path: 'channels[0].budget.switchTo',
      message: 'must be the id or the name of another channel; there are "Spare", "Saved"'
    },
    {
      path: 'channels[1].budget.switchTo',
      message: 'must be the id or the name of another channel; there are "Main", "Saved"'
    },
    {
      path: 'clientKeys[0].budget.switchTo',
      message: 'must be the id or the name of another channel; there are "Main", "Spare", "Saved"'
    }
  ])
})
