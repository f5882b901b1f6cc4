import type { Ledger } from '../../src/ledger/index.ts'
import { ledgerOf as parametersOf } from '../../src/net/index.ts'
import { ledgerInMemory, mine, transact, type Mined, type Turns } from './mine.ts'
import { payment, signer, type Signer } from './records.ts'

/** The past of a relay's network, made beside it: what its blocks have, and more of them. `now`: ms of its newest block. */
export interface Past {
  readonly beside: Ledger
  readonly blocks: readonly Mined[]
  block(what?: Omit<Parameters<typeof mine>[1], keyof Turns>): Promise<Mined>
  readonly eve: Signer
  now(): number
}

/** Three blocks, after which Eve has 100 coins at her Factoid address and 788 entry credits, all of what one miner got. The network has to be as old. */
export async function pastOf(relay: string): Promise<Past> {
  const parameters = parametersOf(await (await fetch(`${relay}network.json`)).json())
  if (parameters === null) throw new Error('the relay tells of no ledger')
  const beside = await ledgerInMemory(parameters)
  const blocks: Mined[] = []
  const now = () => 1_000 * beside.head.header.time
  const block: Past['block'] = async (what = {}) => {
    const made = await mine(beside, { seconds: 8, ...what })
    const verdict = await beside.offer(made.header, made.body, made.time)
    if (!verdict.ok) throw new Error(`${verdict.rule}: ${verdict.detail}`)
    blocks.push(made)
    return made
  }
  const eve = signer('Eve')
  const { miner } = await block()
  await block({ transactions: [await transact(beside, miner, { op: 1, body: { to: eve.address, amount: 900 } }, beside.head.header.time)] })
  await block({ records: [payment({ time: now(), from: [[800, eve]], buy: [[788, eve.publicKey]] })] })
  return { beside, blocks, block, eve, now }
}
