import { encode, fromHex, utf8 } from '../../src/base/index.ts'
import { ledgerShape, verifyProof } from '../../src/hamt/index.ts'
import { ledgerOf } from '../../src/net/index.ts'
import { account } from '../../src/state/index.ts'
import { askWorker, type Argument } from '../support/ask-worker.ts'
import { ledgerInMemory, mine, transact, type Mined } from '../support/mine.ts'
import { expect, test, type Page } from '../support/people.ts'
import { startRelay } from '../support/relay.ts'

async function ask<T>(page: Page, method: string, ...args: readonly Argument[]): Promise<T> {
  return await askWorker<T>(page, 'ledger', method, ...args)
}

async function offer(page: Page, { header, body }: Mined): Promise<{ ok: boolean, rule?: string, block?: { number: number } }> {
  return await ask(page, 'offer', [...header], [...body])
}

const chain = (page: Page) => page.getByRole('region', { name: 'Chain' })

test('the ledger begins as its network says, takes blocks, and has them after a reload and in every tab', async ({ resident }) => {
  // Of its own: the chain of another test would be theirs, too.
  const relay = await startRelay()
  const home = `${relay.url}#/network`
  const parameters = ledgerOf(await (await fetch(`${relay.url}network.json`)).json())
  if (parameters === null) throw new Error('the relay tells of no ledger')
  const beside = await ledgerInMemory(parameters)
  const somebody = await resident(home)
  const { page, context } = somebody.person
  await expect(chain(page)).toContainText('the first, begun')
  await expect.poll(async () => (await ask<{ network: string }>(page, 'state')).network).toBe(beside.network)
  await ask(page, 'consentToMining', false) // the only blocks are those of the test

  const first = await mine(beside, { seconds: 1 })
  expect(await beside.offer(first.header, first.body, first.time)).toMatchObject({ ok: true })
  expect(await offer(page, { ...first, body: Uint8Array.of(...first.body, 0) })).toMatchObject({ ok: false, rule: 'body-mismatch' })
  expect(await offer(page, first)).toMatchObject({ ok: true, block: { number: 1 } })
  await expect(chain(page)).toContainText(/Newest block\s*1/)
  await expect(chain(page)).toContainText(/Known miners\s*1/)

  // The miner has the reward of the first block, and pays with it.
  const pay = await transact(beside, first.miner, { op: 1, body: { to: 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb', amount: 300 } }, first.time)
  const second = await mine(beside, { seconds: 1, transactions: [pay] })
  const verdict = await beside.offer(second.header, second.body, second.time)
  expect(verdict.ok).toBe(true)
  expect(await offer(page, second)).toMatchObject({ ok: true, block: { number: 2 } })
  expect(await ask(page, 'account', 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb')).toMatchObject({ balance: 300, power: 0n })
  expect(await ask(page, 'account', first.miner.address)).toEqual(await beside.account(first.miner.address))

  // What it tells of an account can be checked with nothing but the root.
  const name = `account/${first.miner.address}`
  const proof = await ask<{ root: string, block: string, state: string, nodes: number[][] }>(page, 'prove', [name])
  expect(proof.root).toBe(beside.head.root)
  const proven = verifyProof(fromHex(proof.state)!, ledgerShape, [utf8(name)], proof.nodes.map(node => Uint8Array.from(node)))
  expect(proven).toEqual({ ok: true, value: [encode(account, await beside.account(first.miner.address))] })

  // A block before its time waits, and is the head when it has come.
  const third = await mine(beside, { at: Math.floor(Date.now() / 1000) + 8 })
  expect(await offer(page, third)).toMatchObject({ ok: true, block: { number: 3 } })
  await expect(chain(page)).toContainText(/Newest block\s*2/)
  await expect(chain(page)).toContainText(/Newest block\s*3/, { timeout: 16_000 })
  expect(Date.now() / 1000).toBeGreaterThanOrEqual(third.time)
  expect(await beside.offer(third.header, third.body, third.time)).toMatchObject({ ok: true })

  const other = await context.newPage()
  await other.goto(home)
  await expect(chain(other)).toContainText(/Newest block\s*3/)

  // The next one waits while no tab is open.
  const fourth = await mine(beside, { at: Math.floor(Date.now() / 1000) + 8 })
  expect(await offer(page, fourth)).toMatchObject({ ok: true, block: { number: 4 } })
  expect(await beside.offer(fourth.header, fourth.body, fourth.time)).toMatchObject({ ok: true })
  await somebody.restart(home)
  await expect(chain(somebody.person.page)).toContainText(/Newest block\s*4/, { timeout: 35_000 })
  expect((await ask<{ head: { root: string } }>(somebody.person.page, 'state')).head.root).toBe(beside.head.root)
  await relay.stop()
})
