import { HoldfastError, limits, type ErrorObject } from '../base/index.ts'

/*
 * Calls to the worker that serves all tabs of this browser, from its other tabs and from the service worker, over BroadcastChannel. Questions
 * go out on the service's channel, where one serves; the answer comes on a channel of the asker's own, so that bytes are copied to
 * nobody else. Nobody may be serving for a moment, while one tab takes over from another: a question is said again until somebody has
 * taken it, and once more when a new one begins to serve, as the old one can answer no more. So methods must bear being called twice.
 */

type Question = { readonly from: string, readonly id: number, readonly method: string, readonly args: readonly unknown[] }
type Answer = { readonly id: number } & ({ readonly taken: true } | { readonly value: unknown } | { readonly error: ErrorObject })
type Said = Question | { readonly hello: string } | { readonly news: unknown }

/** A served object, seen from afar: its methods alone, all asynchronous. */
export type Served<T> = { readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never }

const againMs = 250
/** Questions already taken are remembered so that one said again is not done twice. */
const remembered = 4096

/** Serves `methods` under `name` in place of whoever did before. `tell` says something to all who listen. */
export function serveTabs(name: string, methods: object): { tell(news: unknown): void, stop(): void } {
  const channel = new BroadcastChannel(name)
  const taken = new Set<string>()
  const answer = async ({ from, id, method, args }: Question) => {
    const reply = new BroadcastChannel(from)
    const say = (what: Answer) => { reply.postMessage(what) }
    say({ id, taken: true })
    const key = `${from} ${String(id)}`
    if (taken.has(key)) { reply.close(); return }
    taken.add(key)
    if (taken.size > remembered) taken.delete([...taken][0] ?? '')
    try {
      const act = Object.hasOwn(methods, method) ? (methods as Record<string, unknown>)[method] : undefined
      if (typeof act !== 'function') throw new HoldfastError('unsupported', `there is no ${method}`)
      say({ id, value: await (act as (...all: readonly unknown[]) => unknown)(...args) })
    } catch (error) { say({ id, error: HoldfastError.from(error).toObject() }) }
    reply.close()
  }
  channel.onmessage = ({ data }: MessageEvent<Said>) => { if ('method' in data) void answer(data) }
  channel.postMessage({ hello: crypto.randomUUID() } satisfies Said)
  return { tell(news) { channel.postMessage({ news } satisfies Said) }, stop() { channel.close() } }
}

interface Open { readonly question: Question, taken: boolean, readonly settle: (answer: Answer | null) => void }

/** The service that any tab serves under `name`. A call fails with `timeout` when nobody takes it for `limits.tabCallMs`. */
export class TabService<T extends object> {
  readonly call: Served<T>
  private readonly channel: BroadcastChannel
  private readonly own = `holdfast/reply/${crypto.randomUUID()}`
  private readonly replies = new BroadcastChannel(this.own)
  private readonly open = new Map<number, Open>()
  private lastId = 0

  /** `onNews`: what the service tells; `onHello`: somebody began to serve. */
  constructor(name: string, onNews: (news: unknown) => void = () => {}, onHello: () => void = () => {}) {
    this.channel = new BroadcastChannel(name)
    this.channel.onmessage = ({ data }: MessageEvent<Said>) => {
      if ('news' in data) onNews(data.news)
      if (!('hello' in data)) return
      for (const open of this.open.values()) open.taken = false
      onHello()
      for (const { question } of this.open.values()) this.channel.postMessage(question)
    }
    this.replies.onmessage = ({ data }: MessageEvent<Answer>) => {
      const open = this.open.get(data.id)
      if (open === undefined) return
      if ('taken' in data) open.taken = true
      else open.settle(data)
    }
    this.call = new Proxy({}, { get: (_target, method) => async (...args: readonly unknown[]) => await this.ask(String(method), args) }) as Served<T>
  }

  close(): void {
    for (const { settle } of this.open.values()) settle(null)
    this.channel.close()
    this.replies.close()
  }

  private async ask(method: string, args: readonly unknown[]): Promise<unknown> {
    const question: Question = { from: this.own, id: ++this.lastId, method, args }
    const { promise, resolve } = Promise.withResolvers<Answer | null>()
    const open: Open = { question, taken: false, settle: resolve }
    this.open.set(question.id, open)
    let waited = 0
    const again = setInterval(() => {
      waited = open.taken ? 0 : waited + againMs
      if (waited > limits.tabCallMs) resolve(null)
      else if (!open.taken) this.channel.postMessage(question)
    }, againMs)
    try {
      this.channel.postMessage(question)
      const answer = await promise
      if (answer === null) throw new HoldfastError('timeout', 'no tab of Holdfast answers')
      if ('error' in answer) throw HoldfastError.fromObject(answer.error)
      return 'value' in answer ? answer.value : undefined
    } finally {
      clearInterval(again)
      this.open.delete(question.id)
    }
  }
}
