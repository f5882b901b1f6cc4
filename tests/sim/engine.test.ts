import { describe, expect, it } from 'vitest'
import { Chance } from './engine/chance.ts'
import { Life } from './engine/life.ts'
import { Timeline } from './engine/timeline.ts'
import { Trace } from './engine/trace.ts'

const nothing = (): void => { /* nobody looks */ }

describe('time', () => {
  it('happens in order, and at one time in the order it was asked for', async () => {
    const timeline = new Timeline(1_000)
    const seen: string[] = []
    for (const [name, at] of [['c', 3_000], ['a', 1_500], ['b', 2_000], ['b again', 2_000]] as const) timeline.at(at, () => { seen.push(`${name} ${timeline.now}`) })
    await timeline.run(2_500, nothing)
    expect(seen).toEqual(['a 1500', 'b 2000', 'b again 2000'])
    expect(timeline.now).toBe(2_500)
    await timeline.run(9_000, nothing)
    expect(seen.at(-1)).toBe('c 3000')
  })

  it('lets every promise settle before the next thing happens', async () => {
    const timeline = new Timeline(0)
    const seen: string[] = []
    timeline.at(1, () => { void (async () => { for (let i = 0; i < 100; i++) await Promise.resolve(); seen.push('settled') })() })
    timeline.at(1, () => { seen.push('next') })
    await timeline.run(1, nothing)
    expect(seen).toEqual(['settled', 'next'])
  })

  it('keeps a heap of many in order', async () => {
    const timeline = new Timeline(0)
    const chance = new Chance(5, 'heap')
    const seen: number[] = []
    for (let i = 0; i < 2_000; i++) timeline.at(chance.below(500), () => { seen.push(timeline.now) })
    await timeline.run(500, nothing)
    expect(seen).toHaveLength(2_000)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
  })
})

describe('a life', () => {
  it('waits by its own clock, and no longer once it is told to give up', async () => {
    const timeline = new Timeline(10_000)
    const life = new Life(timeline, () => 500)
    const giveUp = new AbortController()
    const seen: string[] = []
    const waits = async (name: string, ms: number, signal?: AbortSignal): Promise<void> => {
      await life.sleep(ms, signal)
      seen.push(`${name} ${life.now()}`)
    }
    void waits('long', 5_000)
    void waits('given up', 5_000, giveUp.signal)
    timeline.at(11_000, () => { giveUp.abort() })
    await timeline.run(20_000, nothing)
    expect(seen).toEqual(['given up 11500', 'long 15500'])
  })

  it('hears late what came while it slept, and nothing when it is over', async () => {
    const timeline = new Timeline(0)
    const [sleeper, killed] = [new Life(timeline, () => 0), new Life(timeline, () => 0)]
    const seen: string[] = []
    void sleeper.sleep(10).then(() => { seen.push(`sleeper ${timeline.now}`) })
    void killed.sleep(10).then(() => { seen.push('killed') })
    timeline.at(5, () => { sleeper.fallAsleep(); killed.end() })
    timeline.at(50, () => { sleeper.wake() })
    await timeline.run(100, nothing)
    expect(seen).toEqual(['sleeper 50'])
  })
})

describe('chance', () => {
  it('is the same for a seed and a name, and another for others', () => {
    const drawn = (seed: number, name: string): number[] => Array.from({ length: 5 }, (chance => () => chance.next())(new Chance(seed, name)))
    expect(drawn(7, 'a')).toEqual(drawn(7, 'a'))
    expect(drawn(7, 'a')).not.toEqual(drawn(8, 'a'))
    expect(drawn(7, 'a')).not.toEqual(drawn(7, 'b'))
  })

  it('is even', () => {
    const chance = new Chance(3, 'even')
    const counts = Array.from({ length: 10 }, () => 0)
    for (let i = 0; i < 100_000; i++) counts[chance.below(10)]!++
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
    const mean = Array.from({ length: 20_000 }, () => chance.wait(100)).reduce((sum, wait) => sum + wait, 0) / 20_000
    expect(Math.abs(mean - 100)).toBeLessThan(3)
  })
})

describe('a trace', () => {
  it('is another where anything is another', () => {
    const of = (...parts: readonly (number | string)[]): string => {
      const trace = new Trace()
      trace.note(...parts)
      return trace.hash
    }
    expect(of(1, 'future', 2)).toBe(of(1, 'future', 2))
    expect(new Set([of(1, 'future', 2), of(2, 'future', 1), of(1, 'futurf', 2), of(1, 'future'), of(2 ** 40 + 1, 'future', 2)]).size).toBe(5)
  })
})
