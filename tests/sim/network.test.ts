import { describe, expect, it } from 'vitest'
import { accept, encode, sha256, toHex, utf8 } from '../../src/base/index.ts'
import { genesisOf, localNetwork, signStatement } from '../../src/ledger/index.ts'
import { stateAnswers, stateQuestion, type AnyQuestion, type StateAnswer, type StateKind } from '../../src/sync/index.ts'
import { Chance } from './engine/chance.ts'
import { Life } from './engine/life.ts'
import { Timeline } from './engine/timeline.ts'
import { Trace } from './engine/trace.ts'
import { SimNetwork, type Station } from './net/network.ts'
import { answerBytes, questionBytes } from './net/sizes.ts'
import { weatherOf, type WeatherPlan } from './net/weather.ts'
import { keyOf } from './network-of.ts'
import { cheapSignatures } from './world/signatures.ts'

const calm: WeatherPlan = { latency: [100, 100], loss: 0, partitions: [], relaysDown: [], lossEnds: 0 }
const cid = toHex(sha256(utf8('something')))

interface Someone extends Station { there: Life | null }

async function meeting(plan: Partial<WeatherPlan> = {}): Promise<{ timeline: Timeline, network: SimNetwork, ann: Someone, ben: Someone, ask: () => Promise<string> }> {
  const timeline = new Timeline(0)
  const network = new SimNetwork({ timeline, weather: weatherOf({ ...calm, ...plan }), trace: new Trace(), encoded: true })
  const [ann, ben] = ['ann', 'ben'].map((id, number): Someone => ({
    number, id, address: null, relays: [0, number + 1], isAnchor: false, chance: new Chance(1, id), there: new Life(timeline, () => 0),
    life() { return this.there }, answer: async () => accept({ nodes: [null] }), distrusts() { /* nobody lies here */ },
  })) as [Someone, Someone]
  for (const someone of [ann, ben]) {
    network.join(someone)
    network.comes(someone)
  }
  return {
    timeline, network, ann, ben,
    async ask() {
      const signal = new AbortController().signal
      const answer = network.of(ann, ann.there!).ask('ben', 'nodes', { cids: [cid] }, signal).then(judged => `${judged.ok ? 'answer' : 'refusal'} at ${timeline.now}`, (error: unknown) => `${(error as Error).message} at ${timeline.now}`)
      await timeline.run(60_000, () => { /* nobody looks */ })
      return await Promise.race([answer, Promise.resolve('nothing')])
    },
  }
}

describe('a question', () => {
  it('is answered after the way there and back', async () => {
    const { ask, network } = await meeting()
    expect(await ask()).toBe('answer at 200')
    expect(network.traffic.get('ben')).toMatchObject({ answers: 1, questions: 0 })
    expect(network.traffic.get('ann')).toMatchObject({ answers: 0, questions: 1, unanswered: 0 })
  })

  it('is given up after its deadline where it is lost, another group was asked, or the other one sleeps', async () => {
    expect(await (await meeting({ loss: 1, lossEnds: 100_000 })).ask()).toBe('timeout at 15000')
    expect(await (await meeting({ partitions: [{ from: 0, to: 1_000, side: peer => peer }] })).ask()).toBe('timeout at 15000')
    const asleep = await meeting()
    asleep.ben.there?.fallAsleep()
    expect(await asleep.ask()).toBe('timeout at 15000')
  })

  it('fails at once where nobody is there', async () => {
    const gone = await meeting()
    gone.ben.there = null
    expect(await gone.ask()).toBe('peer-unreachable at 200')
  })

  it('reaches nobody while the relay they share is down', async () => {
    const { ask, network, ann } = await meeting({ relaysDown: [{ relay: 0, from: 0, to: 50_000 }] })
    expect(network.of(ann, ann.there!).neighbours()).toEqual([])
    expect(await ask()).toBe('timeout at 15000')
  })

  it('is heard by nobody who was killed meanwhile', async () => {
    const { ask, ann, timeline } = await meeting()
    timeline.at(150, () => { ann.there?.end() })
    expect(await ask()).toBe('nothing')
  })

  it('goes to neighbours at the same relays', async () => {
    const { network, ann, ben } = await meeting()
    expect(network.of(ann, ann.there!).neighbours()).toEqual([{ id: 'ben', address: null, relays: ['relay 0', 'relay 2'] }])
    network.goes(ben)
    network.comes(ann)
    expect(network.of(ann, ann.there!).neighbours()).toEqual([])
  })
})

describe('sizes', () => {
  const { header } = genesisOf(localNetwork(1_800_000_000))
  const signatures = cheapSignatures()
  const { secret, address } = keyOf('ann', signatures)
  const root = cid
  const statement = signStatement({ network: '0123456789abcdef', miner: address, root, number: 7, safe: root, time: 1_800_000_000 }, secret, signatures)
  const position = { header: { ...header, previousRoot: root, powerRoot: root, number: 300, difficulty: 2n ** 40n, nonce: 3n }, state: root }
  const bytes = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length)

  it('of questions are nearly those on the wire', () => {
    const questions: readonly AnyQuestion[] = [
      { future: { have: root, pool: 70_000 } }, { votes: { have: Array.from({ length: 100 }, () => [address, 1_800_000_000] as const) } }, { walk: { root, depth: 256 } }, { get: { root, keys: [bytes(60), bytes(70)] } },
      { nodes: { cids: Array.from({ length: 16 }, () => root) } }, { below: { root, paths: ['0123', '01234'] } },
    ]
    for (const question of questions) isNear(questionBytes(question), encode(stateQuestion, question).length + 12)
  })

  it('of answers are nearly those on the wire', () => {
    const answers: readonly { readonly [K in StateKind]: readonly [K, StateAnswer<K>] }[StateKind][] = [
      ['future', { time: 1_800_000_000, statement, head: position, own: { sealed: position.header }, best: null, pool: { next: 3, transactions: [bytes(300), bytes(400)] } }],
      ['future', { time: 1_800_000_000, statement: null, head: position, own: { plan: 1_800_000_100 }, best: position.header, pool: { next: 3, transactions: [] } }],
      ['future', { time: 1_800_000_000, statement, head: null, own: { none: 'too-young' }, best: null, pool: { next: 70_000, transactions: [] } }],
      ['votes', { statements: Array.from({ length: 50 }, () => statement) }], ['walk', { blocks: Array.from({ length: 30 }, () => position) }],
      ['get', { nodes: [bytes(500), bytes(300)] }], ['nodes', { nodes: [bytes(1_000), null] }], ['below', { nodes: [null, bytes(200)] }],
    ]
    for (const [kind, answer] of answers) isNear(answerBytes(kind, answer as never), encode(stateAnswers[kind] as never, answer as never).length + 12)
  })
})

function isNear(guessed: number, written: number): void { expect(Math.abs(guessed - written)).toBeLessThan(6 + written / 50) }

