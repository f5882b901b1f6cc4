import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { keys } from '../../../src/state/index.ts'
import { ledgerInMemory, mine, type Mined } from '../../support/mine.ts'
import { RecordDevice, chainOf, first, further, recordNetwork, type Failing } from '../../support/record-device.ts'

/**
 * What is done: an entry is wanted; a block takes all that is offered, or nothing; the program is killed, now or at a write that comes; another branch takes the place of the last blocks.
 */
type Act =
  | { readonly do: 'record', readonly chain: 'one' | 'two', readonly text: 'x' | 'y' }
  | { readonly do: 'block', readonly takes: boolean }
  | { readonly do: 'kill', readonly at: number, readonly how: Failing }
  | { readonly do: 'fork', readonly depth: number }

const acts = fc.array(fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('record' as const), chain: fc.constantFrom('one' as const, 'two' as const), text: fc.constantFrom('x' as const, 'y' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('block' as const), takes: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('kill' as const), at: fc.nat({ max: 4 }), how: fc.constantFrom('before' as const, 'after' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fork' as const), depth: fc.integer({ min: 1, max: 2 }) }) },
), { minLength: 6, maxLength: 14 })

/** A device, the blocks of its chain, and what was wanted of it. */
class Story {
  readonly wanted: { readonly wish: string, readonly chain: 'one' | 'two', readonly text: string, begins: boolean, said: boolean }[] = []
  #blocks: Mined[] = []
  /** Whether another branch ever took the place of blocks: then others may have what was revealed, in whatever order. */
  forked = false

  private constructor(public device: RecordDevice) {}

  static async begin(): Promise<Story> {
    const story = new Story(await RecordDevice.of('ann', await recordNetwork({ ann: 10_000 })))
    await story.device.desk.buyCredits('credits', 200)
    for (let i = 0; i < 3; i++) await story.block(true)
    return story
  }

  async act(act: Act): Promise<void> {
    if (act.do === 'block') await this.block(act.takes)
    else if (act.do === 'fork') await this.fork(act.depth)
    else if (act.do === 'record') {
      const begins = !this.wanted.some(({ chain }) => chain === act.chain)
      this.wanted.push({ wish: `${this.wanted.length}`, chain: act.chain, text: act.text, begins, said: false })
      await this.say()
    } else if (act.at === 0) this.device = await this.device.restart()
    else this.device.disk.killAt(act.at, act.how)
    await this.mend()
  }

  /** Says again what was not answered. */
  async say(): Promise<void> {
    for (const wanted of this.wanted) {
      if (wanted.said) continue
      const { wish, chain, text, begins } = wanted
      try { await this.device.desk.record(wish, begins ? first(chain, text) : further(chain, text)) } catch {
        if (this.device.disk.dead) return // and with it the program
        if (begins) throw new Error('what was admitted once is admitted')
        continue
      }
      wanted.said = true
    }
  }

  /** Begins anew after a kill, as often as it takes. */
  async mend(): Promise<void> {
    await this.device.settle()
    while (this.device.disk.dead) {
      this.device.disk.revive()
      this.device = await this.device.restart()
      await this.say()
      await this.device.settle()
    }
  }

  async block(takes: boolean): Promise<void> {
    const { device } = this
    await this.mend()
    const { nonce } = await device.ledger.account(device.device.key.address)
    const transactions = takes ? device.device.offered().filter(each => each.nonce > nonce) : []
    const mined = await mine(device.ledger, { seconds: 60, transactions, offered: takes ? device.inOrder() : [] })
    this.#blocks.push(mined)
    await this.device.take(mined)
    await this.mend()
  }

  async fork(depth: number): Promise<void> {
    const kept = this.#blocks.slice(0, -depth)
    if (kept.length < 4) return // credits are bought once
    const beside = await ledgerInMemory(this.device.ledger.parameters)
    for (const { header, body, time } of kept) await beside.offer(header, body, time)
    for (let i = 0; i < depth + 2; i++) {
      const mined = await mine(beside, { pool: `other ${this.#blocks.length}`, seconds: 20 })
      await beside.offer(mined.header, mined.body, mined.time)
      kept.push(mined)
      await this.device.take(mined)
      await this.mend()
    }
    if (this.device.ledger.head.root !== beside.head.root) return
    this.#blocks = kept
    this.forked = true
  }
}

test('whatever is killed and whichever branch wins, each entry that is wanted is recorded once, in order, and paid once', async () => {
  await fc.assert(fc.asyncProperty(acts, async all => {
    const story = await Story.begin()
    for (const act of all) await story.act(act)
    for (let i = 0; i < 8 && (story.wanted.some(({ said }) => !said) || story.device.sending.some(({ stage }) => stage !== 'included')); i++) {
      await story.say()
      await story.block(true)
    }
    const { device, wanted } = story
    const { ledger } = device
    expect(device.sending.map(({ stage, spent, problem }) => ({ stage, spent, problem }))).toEqual(wanted.map(() => ({ stage: 'included', spent: true, problem: null })))
    for (const chain of ['one', 'two'] as const) {
      const own = wanted.filter(each => each.chain === chain)
      const row = await ledger.read(keys.chain(chainOf(chain)))
      expect(row?.count ?? 0).toBe(own.length)
      const hashes = await Promise.all(own.map(async (_, i) => await ledger.read(keys.chainEntry(chainOf(chain), i))))
      const places = device.sending.filter(each => each.chain === chainOf(chain))
      expect(places.map(({ index }) => hashes[index!])).toEqual(places.map(({ entryHash }) => entryHash))
      expect(new Set(places.map(({ index }) => index)).size).toBe(own.length)
      if (!story.forked) expect(places.map(({ index }) => index)).toEqual(own.map((_, i) => i))
    }
    const spent = wanted.reduce((sum, { begins }) => sum + (begins ? 11 : 1), 0)
    expect(await device.credits()).toBe(200 - spent)
    expect(device.offered.size).toBe(0)
    await device.stop()
  }), { numRuns: 8 })
}, 120_000) // eight stories of some twenty blocks, with a dozen starts
