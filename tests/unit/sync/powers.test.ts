import { beforeAll, expect, test } from 'vitest'
import { accept, fromUtf8, reject, type Address, type Cid, type Judged } from '../../../src/base/index.ts'
import { localNetwork, type Ledger, type Position } from '../../../src/ledger/index.ts'
import { Powers } from '../../../src/sync/powers.ts'
import type { StateAnswer, StateNetwork, StateQuestion } from '../../../src/sync/index.ts'
import { keyOf, ledgerInMemory, mine } from '../../support/mine.ts'

let ledger: Ledger
let root: Cid
let miners: readonly Address[]
const { signal } = new AbortController()

beforeAll(async () => {
  const parameters = localNetwork(1_000_000)
  ledger = await ledgerInMemory(parameters)
  for (const name of ['a', 'b', 'b']) {
    const { header, body, time } = await mine(ledger, { pool: name, at: ledger.head.header.time + parameters.rescue })
    expect((await ledger.offer(header, body, time)).ok).toBe(true)
  }
  ({ root } = ledger.head)
  miners = await Promise.all(['a 0', 'b 0', 'nobody'].map(async name => (await keyOf(name)).address))
})

/** Somebody with the ledger, and the keys it was asked to prove. */
function somebody(answer?: (question: StateQuestion<'get'>) => Judged<StateAnswer<'get'>>) {
  const asked: string[][] = []
  const network = {
    async ask(_id: string, _kind: string, question: StateQuestion<'get'>) {
      const names = question.keys.map(key => fromUtf8(key)!)
      asked.push(names)
      return answer?.(question) ?? accept({ nodes: await ledger.prove(names, question.root) })
    },
  } as unknown as StateNetwork
  return { network, asked }
}

/** Headers that are judged by the state of `root`, one of each miner. */
const positions = (): readonly Position[] => miners.map(miner => ({ header: { ...ledger.head.header, powerRoot: root, miner }, state: '' }))
const stateOf = (of: Cid): Cid | null => ledger.position(of)?.state ?? null

test('a state is asked once for all miners that it decides about, and what was proved stays', async () => {
  const { network, asked } = somebody()
  const powers = new Powers(network)
  const powerAt = powers.for({ from: 'x', positions: positions(), stateOf, signal })
  expect([await powerAt(root, miners[1]!), await powerAt(root, miners[0]!), await powerAt(root, miners[2]!)]).toEqual([2n, 1n, 0n])
  expect(asked.map(names => names.toSorted())).toEqual([miners.map(miner => `account/${miner}`).toSorted()])
  const again = powers.for({ from: 'y', positions: positions(), stateOf, signal })
  expect(await again(root, miners[0]!)).toBe(1n)
  expect(asked).toHaveLength(1)
})

test('who is silent, or knows no such state, is nobody to blame; a proof of something else is', async () => {
  const of = async (network: StateNetwork, at = root): Promise<bigint> => await new Powers(network).for({ from: 'x', positions: positions(), stateOf, signal })(at, miners[0]!)
  await expect(of(somebody(() => reject('rate-limited', '')).network)).rejects.toMatchObject({ code: 'peer-unreachable' })
  const { network, asked } = somebody()
  await expect(of(network, 'f'.repeat(64))).rejects.toMatchObject({ code: 'peer-unreachable' })
  expect(asked).toEqual([])
  await expect(of(somebody(() => accept({ nodes: [new Uint8Array([1])] })).network)).rejects.toMatchObject({ code: 'bad-reply' })
})
