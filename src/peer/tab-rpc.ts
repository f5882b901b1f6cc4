import { HoldfastError, limits, type ErrorObject } from '../base/index.ts'

/*
 * Calls to the worker that serves all tabs of this browser, from the pages and from the service worker, over BroadcastChannel. Questions go
 * out on the service's channel, where one serves; the answer comes on a channel of the asker's own, so that bytes are copied to nobody
 * else. Nobody may be serving for a moment, while one tab takes over from another: a question is said again until somebody has taken it,
 * and once more when a new one begins to serve, as the old one can answer no more. So methods must bear being called twice.
 *
 * What the server tells everybody is numbered. Two channels keep no order between them, so an answer says how much had been told
 * before, and is held back until that was heard: whoever gets an answer knows what was told before it was given.
 */

interface Question { readonly from: string, readonly id: number, readonly method: string, readonly args: readonly unknown[] }

/** A value and where it stands among the news of its server: after the first `before`, and not after more than `after` of them. */
export interface Answered<T> { readonly value: T, readonly server: string, readonly before: number, readonly after: number }
type Answer = { readonly id: number } & ({ readonly taken: true } | Answered<unknown> | { readonly error: ErrorObject })

/** The `number`th thing that `server` told, counted from 1. */
export interface News { readonly news: unknown, readonly server: string, readonly number: number }
type Said = Question | News | { readonly hello: string }

/** A served object, seen from afar: its methods alone, all asynchronous. */
export type Served<T> = { readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never }

export interface TabServer {
  /** Says something to all who listen. */
  tell(news: unknown): void
  stop(): void
}

const againMs = 250
/** Questions already taken are remembered so that one said again is not done twice. */
const remembered = 4096
/** How long an answer waits for news that were told before it; they take some ms. */
const heldBackMs = 1000

/** Serves `methods` under `name` in place of whoever did before. */
export function serveTabs(name: string, methods: object): TabServer {
  const channel = new BroadcastChannel(name)
  const server = crypto.randomUUID()
  const taken = new Set<string>()
  let told = 0
  const answer = async ({ from, id, method, args }: Question) => {
    const reply = new BroadcastChannel(from)
    const say = (what: Answer) => { reply.postMessage(what) }
    say({ id, taken: true })
    const key = `${from} ${String(id)}`
    if (taken.has(key)) { reply.close(); return }
    taken.add(key)
    for (const oldest of taken) {
      if (taken.size <= remembered) break
      taken.delete(oldest)
    }
    try {
      const act = Object.hasOwn(methods, method) ? (methods as Record<string, unknown>)[method] : undefined
      if (typeof act !== 'function') throw new HoldfastError('unsupported', `there is no ${method}`)
      const before = told
      const value: unknown = await (act as (...all: readonly unknown[]) => unknown)(...args)
      say({ id, value, server, before, after: told })
    } catch (error) { say({ id, error: HoldfastError.from(error).toObject() }) }
    reply.close()
  }
  channel.onmessage = ({ data }: MessageEvent<Said>) => { if ('method' in data) void answer(data) }
  channel.postMessage({ hello: server } satisfies Said)
  return {
    tell(news) { channel.postMessage({ news, server, number: ++told } satisfies Said) },
    stop() { channel.close() },
  }
}

interface Open { readonly question: Question, taken: boolean, answer: Answered<unknown> | null, ticks: number, readonly settle: (answer: Answered<unknown>) => void, readonly fail: (error: HoldfastError) => void }

export interface TabServiceEvents {
  /** The server told something. */
  readonly onNews?: (news: News) => void
  /** Somebody began to serve. */
  readonly onHello?: (server: string) => void
}

/** The service that some tab serves under `name`. A call fails with `timeout` when nobody takes it for `limits.tabCallMs`. */
export class TabService<T extends object> {
  readonly call: Served<T>
  private readonly channel: BroadcastChannel
  private readonly own = `holdfast/reply/${crypto.randomUUID()}`
  private readonly replies = new BroadcastChannel(this.own)
  private readonly open = new Map<number, Open>()
  /** What was heard of the server that was last heard of. */
  private heard = { server: '', number: 0 }
  private lastId = 0

  constructor(name: string, private readonly events: TabServiceEvents = {}) {
    this.channel = new BroadcastChannel(name)
    this.channel.onmessage = ({ data }: MessageEvent<Said>) => { this.hear(data) }
    this.replies.onmessage = ({ data }: MessageEvent<Answer>) => { this.take(data) }
    this.call = new Proxy({}, {
      get: (_target, method) => method === 'then' ? undefined : async (...args: readonly unknown[]) => (await this.ask(String(method), args)).value, // a `then` would make it a promise
    }) as Served<T>
  }

  /** Calls a method and tells where its answer stands among the news. */
  async ask(method: string, args: readonly unknown[]): Promise<Answered<unknown>> {
    const question: Question = { from: this.own, id: ++this.lastId, method, args }
    const { promise, resolve, reject } = Promise.withResolvers<Answered<unknown>>()
    const open: Open = { question, taken: false, answer: null, ticks: 0, settle: resolve, fail: reject }
    this.open.set(question.id, open)
    const again = setInterval(() => { this.tick(open) }, againMs)
    try {
      this.channel.postMessage(question)
      return await promise
    } finally {
      clearInterval(again)
      this.open.delete(question.id)
    }
  }

  /** Whatever is asked now fails with `error`: nobody will answer any more. */
  giveUp(error: HoldfastError): void {
    for (const { fail } of this.open.values()) fail(error)
  }

  close(): void {
    this.giveUp(new HoldfastError('aborted', 'closed'))
    this.channel.close()
    this.replies.close()
  }

  private tick(open: Open): void {
    open.ticks++
    if (open.answer !== null) {
      if (open.ticks * againMs >= heldBackMs) open.settle(open.answer)
    } else if (open.taken) open.ticks = 0
    else if (open.ticks * againMs > limits.tabCallMs) open.fail(new HoldfastError('timeout', 'no tab of Holdfast answers'))
    else this.channel.postMessage(open.question)
  }

  private hear(said: Said): void {
    if ('hello' in said) {
      this.heard = { server: said.hello, number: 0 }
      this.events.onHello?.(said.hello)
      for (const open of this.open.values()) {
        open.taken = false
        if (open.answer !== null) continue
        open.ticks = 0
        this.channel.postMessage(open.question)
      }
    } else if ('news' in said) {
      if (said.server === this.heard.server) this.heard.number = said.number
      this.events.onNews?.(said)
    } else return
    this.release()
  }

  private take(answer: Answer): void {
    const open = this.open.get(answer.id)
    if (open === undefined) return
    if ('taken' in answer) open.taken = true
    else if ('error' in answer) open.fail(HoldfastError.fromObject(answer.error))
    else {
      // All it told after it read the question was told when we already listened, so it is or will be heard.
      const { server, before } = answer
      this.heard = { server, number: server === this.heard.server ? Math.max(before, this.heard.number) : before }
      open.answer = answer
      open.ticks = 0
      this.release()
    }
  }

  /** Gives out the answers that no longer wait for news. */
  private release(): void {
    for (const { answer, settle } of this.open.values()) {
      if (answer !== null && (answer.server !== this.heard.server || answer.after <= this.heard.number)) settle(answer)
    }
  }
}
