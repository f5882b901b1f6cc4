import { HoldfastError, decode, encode, limits, type Address, type Judged } from '../../../src/base/index.ts'
import { stateAnswers, stateQuestion, type AnyQuestion, type Neighbour, type StateAnswer, type StateKind, type StateNetwork, type StateQuestion } from '../../../src/sync/index.ts'
import type { Chance } from '../engine/chance.ts'
import type { Life } from '../engine/life.ts'
import type { Timeline } from '../engine/timeline.ts'
import type { Trace } from '../engine/trace.ts'
import { answerBytes, questionBytes } from './sizes.ts'
import type { Weather } from './weather.ts'

/** Where a peer is met, and who answers there. */
export interface Station {
  readonly number: number
  readonly id: string
  readonly address: Address | null
  readonly relays: readonly number[]
  readonly isAnchor: boolean
  readonly chance: Chance
  /** The run of its program that is there now; null where nobody is. */
  life(): Life | null
  answer(question: AnyQuestion, from: string): Promise<Judged<StateAnswer>>
  /** What it is shown of those who are there: as they are, or as somebody in the way would have it. */
  shown?(stations: readonly Station[]): readonly Station[]
  /** Somebody it asked said what is provably false. */
  distrusts(station: Station, why: string): void
}

export interface Traffic { questions: number, answers: number, unanswered: number, bytesOut: number, bytesIn: number }

export interface NetworkOptions {
  readonly timeline: Timeline
  readonly weather: Weather
  readonly trace: Trace
  /** Whether each frame is written and read again, as between two machines. */
  readonly encoded: boolean
}

/** How long a list of neighbours is good: a relay's reservations last as long. */
const listMs = 5 * 60_000
/** Whoever knows few looks again soon. */
const [few, fewMs] = [10, 5_000]
/** Of the tabs at one relay a peer knows so many at once. */
const listed = 40
const relayId = (relay: number): string => `relay ${relay}`

/** All peers, their relays, and what happens to a question between two of them. */
export class SimNetwork {
  readonly traffic = new Map<string, Traffic>()
  /** Answers that nobody had asked for, or second ones. */
  unasked = 0
  readonly #stations = new Map<string, Station>()
  /** Who is there, by relay. */
  readonly #there = new Map<number, Station[]>()
  readonly #neighbours = new Map<string, { readonly until: number, readonly list: readonly Neighbour[] }>()
  readonly #options: NetworkOptions

  constructor(options: NetworkOptions) { this.#options = options }

  join(station: Station): void {
    this.#stations.set(station.id, station)
    this.traffic.set(station.id, { questions: 0, answers: 0, unanswered: 0, bytesOut: 0, bytesIn: 0 })
  }

  /** It is to be met at its relays from now on. */
  comes(station: Station): void {
    for (const relay of station.relays) {
      const there = this.#there.get(relay) ?? []
      if (!there.includes(station)) there.push(station)
      this.#there.set(relay, there)
    }
    this.#neighbours.delete(station.id)
  }

  goes(station: Station): void {
    for (const relay of station.relays) {
      const there = this.#there.get(relay) ?? []
      const at = there.indexOf(station)
      if (at >= 0) there.splice(at, 1)
    }
  }

  /** The network as one life of a peer has it. */
  of(from: Station, life: Life): StateNetwork {
    return {
      neighbours: () => this.#neighboursOf(from),
      ask: async (id, kind, question, signal) => await this.#ask(from, life, id, kind, question, signal),
      distrust: (id, why) => {
        const station = this.#stations.get(id)
        if (station !== undefined) from.distrusts(station, why)
      },
    }
  }

  #neighboursOf(from: Station): readonly Neighbour[] {
    const { timeline: { now }, weather } = this.#options
    const known = this.#neighbours.get(from.id)
    if (known !== undefined && now < known.until) return known.list
    const found = new Set<Station>()
    for (const relay of from.relays) {
      if (!weather.relayUp(relay, now)) continue
      const there = this.#there.get(relay) ?? []
      for (const station of from.chance.some(there, listed)) found.add(station)
      for (const station of there) if (station.isAnchor) found.add(station)
    }
    found.delete(from)
    const shown = from.shown?.([...found]) ?? [...found]
    const list = shown.map(({ id, address, relays }) => ({ id, address, relays: relays.map(relayId) }))
    this.#neighbours.set(from.id, { until: now + (list.length < few ? fewMs : listMs), list })
    return list
  }

  #reaches(from: Station, to: Station): boolean {
    const { timeline: { now }, weather } = this.#options
    return weather.group(from.number, now) === weather.group(to.number, now) && from.relays.some(relay => to.relays.includes(relay) && weather.relayUp(relay, now))
  }

  #ask<K extends StateKind>(from: Station, life: Life, id: string, kind: K, question: StateQuestion<K>, signal: AbortSignal): Promise<Judged<StateAnswer<K>>> {
    const { timeline, weather, trace } = this.#options
    const to = this.#stations.get(id)
    const asked = { [kind]: question } as unknown as AnyQuestion
    const sizeAsked = questionBytes(asked)
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new HoldfastError('aborted'))
        return
      }
      let open = true
      const close = (): boolean => {
        if (!open) return false
        open = false
        signal.removeEventListener('abort', abort)
        return true
      }
      const abort = (): void => { if (close()) reject(new HoldfastError('aborted')) }
      const fail = (ms: number, code: 'timeout' | 'peer-unreachable'): void => {
        timeline.after(ms, () => { life.hears(() => { if (close()) reject(new HoldfastError(code)) }) })
      }
      signal.addEventListener('abort', abort, { once: true })
      const mine = this.traffic.get(from.id)!
      mine.questions++
      mine.bytesOut += sizeAsked
      const begin = timeline.now
      const unanswered = (): void => {
        mine.unanswered++
        fail(limits.requestMs - (timeline.now - begin), 'timeout')
      }
      if (to === undefined || to.life() === null) {
        mine.unanswered++
        fail(2 * weather.latency(from.chance), 'peer-unreachable') // its relay says that it is gone
        return
      }
      if (!this.#reaches(from, to) || weather.loses(begin, from.chance)) {
        unanswered()
        return
      }
      timeline.after(weather.latency(from.chance), () => {
        const there = to.life()
        if (there === null || there.asleep) {
          unanswered()
          return
        }
        const theirs = this.traffic.get(to.id)!
        theirs.bytesIn += sizeAsked
        let answered = false
        void to.answer(this.#crossing(asked), from.id).then(answer => {
          if (answered) this.unasked++
          answered = true
          if (there.over) {
            unanswered()
            return
          }
          const size = answer.ok ? answerBytes(kind, answer.value as StateAnswer<K>) : 30
          theirs.answers++
          theirs.bytesOut += size
          timeline.after(weather.latency(from.chance), () => {
            life.hears(() => {
              mine.bytesIn += size
              trace.note(timeline.now, from.number, to.number, kind, size)
              if (close()) resolve(answer.ok ? { ok: true, value: this.#read(kind, answer.value as StateAnswer<K>) } : answer)
            })
          })
        }, (error: unknown) => {
          this.failures.push(`${to.id} answering ${kind}: ${String(error instanceof Error ? error.stack : error)}`)
          unanswered()
        })
      })
    })
  }

  /** Answers that threw, which none should. */
  readonly failures: string[] = []

  #crossing(question: AnyQuestion): AnyQuestion {
    if (!this.#options.encoded) return question
    const read = decode(stateQuestion, encode(stateQuestion, question))
    if (!read.ok) throw new Error(`a question nobody can read: ${read.reason}`)
    return read.value
  }

  #read<K extends StateKind>(kind: K, answer: StateAnswer<K>): StateAnswer<K> {
    if (!this.#options.encoded) return answer
    const codec = stateAnswers[kind] as unknown as Parameters<typeof decode<StateAnswer<K>>>[0]
    const bytes = encode(codec, answer)
    if (bytes.length > limits.frameBytes) throw new Error(`an answer of ${bytes.length} bytes`)
    const read = decode(codec, bytes)
    if (!read.ok) throw new Error(`an answer nobody can read: ${read.reason}`)
    return read.value
  }
}
