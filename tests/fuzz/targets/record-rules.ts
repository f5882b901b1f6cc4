import { limits } from '../../../src/base/index.ts'
import { RecordExecution } from '../../../src/records/index.ts'
import { StateView, keys } from '../../../src/state/index.ts'
import { TestChain, somebody } from '../../support/ledger.ts'
import { chainNamed, commitTo, commitToChain, entryOf, firstEntryOf, payment, signer, type Amounts } from '../../support/records.ts'
import type { Chance } from '../chance.ts'
import type { Target } from '../types.ts'

const [ann, eve, rob] = [somebody('Ann'), signer('Eve'), signer('Rob')]
const begin = 1_800_000_000
const time = begin + 240
const [log, next] = [firstEntryOf('log'), firstEntryOf('next')]
const entries = [log, next, entryOf(chainNamed('log'), { content: 'ahoy' }), entryOf(chainNamed('log'), { payload: 1_025 }), entryOf(chainNamed('none'))]

/** A state with a chain, credits, factoids, and two commits whose entries were not revealed. */
const state = await (async () => {
  const first = await TestChain.begin({ people: [ann], creditRate: 1, time: begin })
  const wired = await first.extend({ transactions: [await first.wiring(ann, eve.address, 5_000)] })
  const begun = await wired.extend({ records: [payment({ time: 1_000 * time, from: [[2_000, eve]], buy: [[500, eve.publicKey]] }), commitToChain(log, eve, { time: 1_000 * time }), log] })
  return (await begun.extend({ records: [commitTo(entries[2]!, eve, { time: 1_000 * time }), commitToChain(next, eve, { time: 1_000 * time })] })).state
})()

/** What is signed for what it says. */
function made(chance: Chance): Uint8Array {
  const at = 1_000 * time + chance.pick([0, 1, 43_200_000, 43_200_001, -86_400_000, -86_400_001, 2 ** 40])
  const [payer, entry] = [chance.pick([eve, eve, rob]), chance.pick(entries)]
  const coins = (): number | bigint => chance.pick([0, 1, 40, 2_999, 3_000, 3_001, 2 ** 40 - 1, 2 ** 40, 2n ** 62n])
  const to = (...addresses: readonly string[]): Amounts => Array.from({ length: chance.below(3) }, () => [coins(), chance.pick(addresses)] as const)
  if (chance.once(3)) return commitTo(entry, payer, { time: at, credits: 1 + chance.below(10) })
  if (chance.once(2)) return commitToChain(entry, payer, { time: at, credits: 11 + chance.below(10) })
  return payment({ time: at, from: Array.from({ length: 1 + chance.below(2) }, () => [coins(), chance.pick([eve, rob])] as const), to: to(eve.address, rob.address, '00'.repeat(32), `${'00'.repeat(12)}${'11'.repeat(20)}`), buy: to(eve.publicKey, rob.publicKey) })
}

/** A record of anybody in the next block: what it moves was there before, and what is refused changes nothing. */
export const recordRules: Target = {
  name: 'record-rules',
  cost: 10,
  maxBytes: limits.recordBytes + 1,
  corpus: () => [
    entries[2]!, next, commitTo(entries[2]!, eve, { time: 1_000 * time + 1 }), commitToChain(firstEntryOf('other'), eve, { time: 1_000 * time }),
    payment({ time: 1_000 * time, from: [[1_000, eve]], to: [[5, eve.address], [6, '00'.repeat(32)]], buy: [[7, eve.publicKey]] }),
  ],
  vary(base, chance, mutate) {
    if (chance.once(2)) return mutate(base)
    try { return made(chance) } catch { return mutate(base) } // outputs beyond inputs
  },
  async run(bytes) {
    const view = new StateView(state)
    await view.get(keys.fees)
    const executed = await new RecordExecution(view, { number: 4, time, parentTime: time - 60, network: '0123456789abcdef', creditRate: 1 }).execute(new Uint8Array(bytes), 0, 2 ** 40 - 1)
    if (!executed.ok) {
      if (view.changes().length > 0) throw new Error('refused and written')
      return executed.rule
    }
    if (view.minted !== -executed.value) throw new Error('coins came or went')
    return 'accepted'
  },
}
