import type { HoldfastError } from '../base/index.ts'
import { Following } from './following.ts'
import { TabService, type Answered } from './tab-rpc.ts'

/** What is wanted of a service whose news are followed. */
export interface Followed<S extends object, T> {
  /** The channel it serves on. */
  readonly channel: string
  /** The method that tells everything there is. */
  readonly everything: keyof S & string
  /** `whole`: all there is, else what changed. */
  readonly learn: (value: T, whole: boolean) => void
  /** It could not be asked for. Whoever begins to serve says hello and is asked anew. */
  readonly failed?: (error: HoldfastError) => void
}

/** A service that some tab runs, whose news are heard from now on, from `join` on. */
export function followService<S extends object, T>({ channel, everything, learn, failed = () => {} }: Followed<S, T>): { readonly service: TabService<S>, join(): void } {
  const following = new Following<T>(async () => await service.ask(everything, []) as Answered<T>, learn, failed)
  const service = new TabService<S>(channel, { onNews: news => { following.hear(news) }, onHello: server => { following.hello(server) } })
  return { service, join: () => { void following.join() } }
}
