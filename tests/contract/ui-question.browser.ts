import { html } from 'lit'
import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { HoldfastQuestion, type Question } from '../../src/ui/elements/question.ts'

afterEach(() => { document.body.replaceChildren() })

const about = (heading: string): Question => ({ heading, body: html`<p>It cannot be taken back.</p>`, no: 'Not now', yes: 'Do it', tone: 'danger' })

test('asked again while it is open, or just opening, the first is answered with no, and the last by the person', async () => {
  const element = document.body.appendChild(new HoldfastQuestion())
  const [first, second] = [element.ask(about('The first?')), element.ask(about('The second?'))]
  expect(await first).toBe(false)
  await expect.element(page.getByRole('heading', { name: 'The second?' })).toBeVisible()
  const third = element.ask(about('The third?'))
  expect(await second).toBe(false)
  await page.getByRole('button', { name: 'Do it' }).click()
  expect(await third).toBe(true)
  const fourth = element.ask(about('The fourth?')) // before the browser told that the one before was closed
  await page.getByRole('button', { name: 'Do it' }).click()
  expect(await fourth).toBe(true)
})
