import { HoldfastError, limits } from '../../base/index.ts'
import type { ToPage, ToWorker } from './messages.ts'

/** What a connection in the worker hears from its own on the page. */
export interface BridgedConnection { take(message: ToWorker): void }

type ToConnection = ToWorker & { readonly connection: number | null }

/**
 * The worker's end of the port: numbers connections, channels and calls, knows which are live, and brings each answer to who
 * waits for it. What arrives for a connection that is closed is let go.
 */
export class Bridge {
  made = 0
  onchange: (() => void) | null = null
  private readonly connections = new Map<number, BridgedConnection>()
  private readonly calls = new Map<number, PromiseWithResolvers<unknown>>()
  private last = 0

  constructor(private readonly port: MessagePort, transfer: boolean, private readonly limit: number = limits.peerConnections) {
    port.onmessage = ({ data }: MessageEvent<ToWorker>) => { this.take(data) }
    this.post({ kind: 'hello', transfer })
  }

  get live(): number {
    return this.connections.size
  }

  number(): number {
    return ++this.last
  }

  post(message: ToPage): void {
    this.port.postMessage(message)
  }

  /** Lists a connection that is about to be opened; throws `too-many` where the page would refuse it. */
  add(id: number, connection: BridgedConnection): void {
    if (this.connections.size >= this.limit) throw new HoldfastError('too-many', `more than ${String(this.limit)} peer connections`, { limit: this.limit })
    this.connections.set(id, connection)
    this.made++
    this.onchange?.()
  }

  remove(id: number): void {
    if (this.connections.delete(id)) this.onchange?.()
  }

  async call(message: (call: number) => ToPage): Promise<unknown> {
    const call = this.number()
    const waiting = Promise.withResolvers<unknown>()
    this.calls.set(call, waiting)
    this.post(message(call))
    return await waiting.promise
  }

  private take(message: ToWorker): void {
    const connection = this.connectionOf(message)
    connection?.take(message)
    if (message.kind === 'channel' && connection === undefined) message.body.close()
    if (message.kind !== 'reply' && message.kind !== 'failure') return
    const waiting = this.calls.get(message.call)
    this.calls.delete(message.call)
    if (message.kind === 'reply') waiting?.resolve(message.value)
    else waiting?.reject(new DOMException(message.error.message, message.error.name))
  }

  private connectionOf({ connection }: ToConnection): BridgedConnection | undefined {
    return connection === null ? undefined : this.connections.get(connection)
  }
}
