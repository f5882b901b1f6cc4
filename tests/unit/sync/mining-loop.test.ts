import { expect, test } from 'vitest'
import type { Alarm } from '../../../src/base/index.ts'
import type { UnsignedHeader } from '../../../src/ledger/index.ts'
import { mineWith } from '../../../src/sync/mining-loop.ts'
import type { MiningDesk } from '../../../src/sync/index.ts'

/** Time that goes on only when a test says so, in steps that let everything happen that is due. */
class Time implements Alarm {
  #now = 0
  readonly #sleepers = new Set<{ readonly until: number, readonly wake: () => void }>()

  now(): number { return this.#now }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return
    await new Promise<void>(done => {
      const sleeper = { until: this.#now + ms, wake: () => { this.#sleepers.delete(sleeper); done() } }
      this.#sleepers.add(sleeper)
      signal?.addEventListener('abort', sleeper.wake)
    })
  }

  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      await settled()
      const next = [...this.#sleepers].toSorted((a, b) => a.until - b.until)[0]
      if (next === undefined || next.until > end) break
      this.#now = next.until
      next.wake()
    }
    this.#now = end
    await settled()
  }

  get asleep(): number { return this.#sleepers.size }
}

async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve()
}

const headerOf = (parent: string): UnsignedHeader => ({ previousRoot: parent } as unknown as UnsignedHeader)

/** A desk with one turn after each head. */
class Desk implements MiningDesk {
  head = 'a'
  readonly turns = new Map<string, number | null>()
  readonly sealed: string[] = []
  readonly asked: string[] = []
  refuse: string[] = []
  #waiting: (() => void)[] = []

  async turn(): Promise<{ parent: string, sealAt: number | null }> {
    this.asked.push('turn')
    if (this.refuse[0] === 'turn') { this.refuse.shift(); throw new Error('gone') }
    return { parent: this.head, sealAt: this.sealed.includes(this.head) ? null : this.turns.get(this.head) ?? null }
  }

  async changed(parent: string): Promise<void> {
    if (this.head === parent) await new Promise<void>(done => { this.#waiting.push(done) })
  }

  async draft(parent: string): Promise<UnsignedHeader | null> {
    this.asked.push(`draft ${parent}`)
    if (this.refuse[0] === 'draft') { this.refuse.shift(); return null }
    return headerOf(parent)
  }

  async seal(header: UnsignedHeader, signature: Uint8Array): Promise<void> { this.sealed.push(`${header.previousRoot}`, ...signature[0] === 1 ? [] : ['unsigned']) }

  move(head: string): void {
    this.head = head
    this.wake()
  }

  wake(): void { for (const wake of this.#waiting.splice(0)) wake() }
}

function mining(desk: Desk, sign: (header: UnsignedHeader) => Promise<Uint8Array> = async () => Uint8Array.of(1)) {
  const [time, stop] = [new Time(), new AbortController()]
  const done = mineWith(desk, sign, time, stop.signal)
  return { time, stop, done }
}

test('it waits for the turn, has the block drafted, signs it and gives it back', async () => {
  const desk = new Desk()
  desk.turns.set('a', 5000)
  const { time } = mining(desk)
  await time.pass(4999)
  expect(desk.asked).toEqual(['turn'])
  await time.pass(1)
  expect(desk.sealed).toEqual(['a'])
  expect(desk.asked).toEqual(['turn', 'draft a', 'turn'])
})

test('a turn that has come already is taken at once', async () => {
  const desk = new Desk()
  desk.turns.set('a', 0)
  const { time } = mining(desk)
  await time.pass(0)
  expect(desk.sealed).toEqual(['a'])
})

test('another head has another turn, and nothing is drafted on the one before', async () => {
  const desk = new Desk()
  desk.turns.set('a', 5000)
  desk.turns.set('b', 9000)
  const { time } = mining(desk)
  await time.pass(4000)
  desk.move('b')
  await time.pass(4999)
  expect(desk.sealed).toEqual([])
  await time.pass(1)
  expect(desk.sealed).toEqual(['b'])
  expect(time.asleep).toBe(1) // no timer of a turn that is over is left
})

test('without a turn it waits for a change, and looks each minute all the same', async () => {
  const desk = new Desk()
  const { time } = mining(desk)
  await time.pass(59_999)
  expect(desk.asked).toEqual(['turn'])
  desk.turns.set('a', 30_000) // a clock that was set, a machine that slept
  await time.pass(1)
  expect(desk.sealed).toEqual(['a'])
})

test('a turn far away is looked at anew on the way', async () => {
  const desk = new Desk()
  desk.turns.set('a', 150_000)
  const { time } = mining(desk)
  await time.pass(149_999)
  expect(desk.asked).toEqual(['turn', 'turn', 'turn'])
  await time.pass(1)
  expect(desk.sealed).toEqual(['a'])
})

test('where nothing is drafted it asks again soon, or when the head moves', async () => {
  const desk = new Desk()
  desk.turns.set('a', 0)
  desk.refuse = ['draft', 'draft']
  const { time } = mining(desk)
  await time.pass(0)
  expect(desk.asked).toEqual(['turn', 'draft a'])
  await time.pass(1000)
  expect(desk.asked).toEqual(['turn', 'draft a', 'turn', 'draft a'])
  desk.turns.set('b', 0)
  desk.move('b')
  await time.pass(0)
  expect(desk.sealed).toEqual(['b'])
})

test('what fails is tried again: a desk that is gone for a moment, a signature that nobody gives', async () => {
  const desk = new Desk()
  desk.turns.set('a', 0)
  desk.refuse = ['turn']
  let signings = 0
  const { time } = mining(desk, async () => {
    if (++signings === 1) throw new Error('locked')
    return Uint8Array.of(1)
  })
  await time.pass(0)
  expect([desk.sealed, signings]).toEqual([[], 0])
  await time.pass(1000)
  expect([desk.sealed, signings]).toEqual([[], 1])
  await time.pass(1000)
  expect([desk.sealed, signings]).toEqual([['a'], 2])
})

test('it ends when it is told to, and what was signed meanwhile is not given back', async () => {
  const desk = new Desk()
  desk.turns.set('a', 0)
  let give = (_signature: Uint8Array): void => {}
  const { time, stop, done } = mining(desk, async () => await new Promise<Uint8Array>(resolve => { give = resolve }))
  await time.pass(0)
  stop.abort()
  give(Uint8Array.of(1))
  await done
  expect(desk.sealed).toEqual([])
  const other = mining(new Desk())
  await other.time.pass(10)
  other.stop.abort()
  await other.done
  expect(other.time.asleep).toBe(0)
})
