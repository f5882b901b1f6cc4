import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { mountApp } from '../support/ui-mount.ts'
import { views } from '../support/ui-views.ts'

afterEach(() => {
  document.body.replaceChildren()
  document.documentElement.dir = 'ltr'
})

for (const [name, view] of Object.entries(views)) {
  test.each([['light', 360], ['light', 1280], ['dark', 360], ['dark', 1280]] as const)(`${name}, %s at %d px: nothing for axe, nothing runs over`, async (theme, width) => {
    await page.viewport(width, 860)
    await mountApp({ ...view, state: { ...view.state, theme } })
    expect(await faults()).toEqual([])
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
  })
}

test.each(Object.entries(views))('%s: nothing runs over at 320 px, nor from right to left', async (_name, view) => {
  await page.viewport(320, 860)
  for (const dir of ['ltr', 'rtl']) {
    document.documentElement.dir = dir
    document.body.replaceChildren()
    await mountApp(view)
    expect([dir, document.documentElement.scrollWidth]).toEqual([dir, 320])
  }
})
