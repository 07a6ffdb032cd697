import { expect, expectAccessible, looks, openPage, sampleTraffic, test } from './support/fixtures'
import { shoot } from './support/shoot'

for (const { name, options } of looks) {
  test.describe(name, () => {
    test.use(options)

    test('the frame around each page is accessible', async ({ page, routex, upstream, complaints }) => {
      await sampleTraffic(routex, upstream)
      await openPage(page, routex, 'settings')
      expect(complaints).toEqual([])
      await expectAccessible(page)
      await shoot(page, 'frame')
    })
  })
}
