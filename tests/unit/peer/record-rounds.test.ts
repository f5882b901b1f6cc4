import { expect, test } from 'vitest'
import '../../../src/relay/node20.ts'
import { RecordRounds, type RoundsParts } from '../../../src/peer/record-rounds.ts'

const head = { id: 'h', root: 'r', parent: null, header: { number: 0, time: 0 } }
const sync = {
  status: { head, mode: 'full' }, chain: { record: () => null },
  read: async (names: readonly string[]) => ({ root: 'r', values: names.map(() => null) }),
} as unknown as RoundsParts['sync']
const payer = { owner: 'T', factoid: '11'.repeat(32), credit: '22'.repeat(32) }

test('asked for at whatever moment, a round begins after that', async () => {
  for (let turns = 0; turns < 24; turns++) {
    let begun = 0
    const rounds = new RecordRounds({ sync, parameters: { short: 6 }, payer: () => payer, look: async () => { begun++ } })
    const first = rounds.kick()
    for (let i = 0; i < turns; i++) await Promise.resolve()
    const before = begun
    await rounds.kick()
    expect(begun, `after ${turns} turns`).toBeGreaterThan(before)
    await first
  }
})
