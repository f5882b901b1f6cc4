import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { genesisCoins } from '../../../src/ledger/index.ts'
import { encodePlain } from '../../support/dag-cbor.ts'
import { TestChain, type MapState } from '../../support/ledger.ts'
import { genesisRows, stateAfter, type Past, type Rows } from './model.ts'
import { blockOf, life } from './scripts.ts'

/** The same rows, to the byte; what differs is shown as text. */
function expectSame(state: MapState, rows: Rows): void {
  const text = (all: Iterable<readonly [string, Uint8Array]>): string[] => [...all].map(([name, bytes]) => `${name} ${Buffer.from(bytes).toString('hex')}`).sort()
  expect(text(state.rows)).toEqual(text([...rows].map(([name, value]) => [name, encodePlain(value)] as const)))
}

test('the ledger and its model take the same blocks, come to the same states and lose no coin', { timeout: 60_000 }, async () => {
  let [taken, refused] = [0, 0]
  await fc.assert(fc.asyncProperty(life, async ({ network, plans }) => {
    let chain = await TestChain.begin(network)
    let rows = genesisRows(chain.parameters)
    const past: Past[] = [{ header: chain.tip.header, root: chain.tip.root, rows }]
    expectSame(chain.state, rows)
    for (const plan of plans) {
      const { header, body } = await blockOf(chain, plan)
      const [verdict, modelled] = [await chain.judge({ header, body }), stateAfter(past, header, body, chain.network, chain.parameters)]
      expect(modelled === null ? 'refused' : 'taken', verdict.ok ? 'taken' : `${verdict.rule}: ${verdict.detail}`).toBe(verdict.ok ? 'taken' : 'refused')
      if (!verdict.ok || modelled === null) { refused++; continue }
      taken++
      chain = verdict.value
      rows = modelled
      expectSame(chain.state, rows)
      expect(chain.state.coins()).toBe(genesisCoins(chain.parameters) + chain.parameters.reward * chain.tip.header.number)
      past.push({ header, root: chain.tip.root, rows })
    }
  }), { numRuns: 80 })
  // Half of each, more or less: were nearly all of one kind, little would have been compared.
  expect(Math.min(taken, refused)).toBeGreaterThan(35)
})
