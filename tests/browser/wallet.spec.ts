import type { ThreadMessage } from '../../src/peer/thread-api.ts'
import { askWorker } from '../support/ask-worker.ts'
import { expect, test, type Page } from '../support/people.ts'
import { startRelay } from '../support/relay.ts'

interface Shown { readonly wallet: { readonly rows: readonly { readonly kind: string, readonly amount: number, readonly stage: string }[] } | null, readonly threads: { readonly threads: readonly { readonly name: string, readonly title: string }[] } | null }

const shown = async (page: Page): Promise<Shown> => await askWorker<Shown>(page, 'ledger', 'snapshot')
const rows = async (page: Page, kind: string) => (await shown(page)).wallet?.rows.filter(row => row.kind === kind) ?? []

test('coins go to somebody new in a link, and somebody without coins says something that others read', async ({ person }) => {
  test.setTimeout(300_000) // blocks come every ten seconds on average, each after a minute at the latest
  const relay = await startRelay({ args: ['--no-anchor'] })
  const anna = await person(`${relay.url}#/wallet`)
  await expect.poll(async () => (await rows(anna.page, 'mined')).length, { timeout: 120_000 }).toBeGreaterThan(0)

  // Ben has nothing yet: his words cost some seconds of work.
  const ben = await person(`${relay.url}#/threads`)
  await expect.poll(async () => (await shown(ben.page)).threads, { timeout: 30_000 }).not.toBeNull()
  await askWorker(ben.page, 'ledger', 'consentToMining', false) // or he would soon have coins
  const name = await askWorker<string>(ben.page, 'ledger', 'openThread', 'salt', 'Salt', 'Which microphones survive salt?', null)
  await expect.poll(async () => (await shown(anna.page)).threads?.threads.map(each => each.title), { timeout: 120_000 }).toEqual(['Salt'])
  const [said] = await askWorker<ThreadMessage[]>(anna.page, 'ledger', 'readThread', name)
  expect(said).toMatchObject({ text: 'Which microphones survive salt?', own: false })

  const link = await askWorker<string>(anna.page, 'ledger', 'makeInvite', 'invite', 25)
  expect(link.startsWith(`${relay.url}#/invite/`)).toBe(true)
  await ben.page.goto(link)
  await ben.page.getByRole('button', { name: 'Take 25 coins' }).click({ timeout: 120_000 })
  await expect.poll(async () => (await rows(ben.page, 'received')).map(({ amount, stage }) => `${amount} ${stage}`), { timeout: 120_000 }).toEqual(['25 in-block'])
  const [{ id } = { id: '' }] = (await rows(ben.page, 'received')) as unknown as { id: string }[]
  expect(await askWorker(ben.page, 'ledger', 'proveRow', id)).toMatchObject({ index: 0 })
  await expect(ben.page.getByText('25 coins').first()).toBeVisible()
  await relay.stop()
})
