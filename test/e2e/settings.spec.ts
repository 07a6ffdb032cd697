import { expect, expectAccessible, looks, openPage, test } from './support/fixtures'
import { shoot } from './support/shoot'

const sections = ['gateway', 'security', 'retention', 'appearance', 'backup', 'about']

for (const { name, options } of looks) {
  test.describe(name, () => {
    test.use(options)

    test('every section is accessible and fits', async ({ page, routex, complaints }) => {
      await routex.call('clientKeys.create', { name: 'Laptop' })
      await routex.call('backups.create', {})
      for (const section of sections) {
        await openPage(page, routex, `settings?section=${section}`)
        await page.getByRole('heading', { level: 2 }).first().waitFor()
        await expectAccessible(page)
        await shoot(page, `settings-${section}`)
      }
      expect(complaints).toEqual([])
    })
  })
}
