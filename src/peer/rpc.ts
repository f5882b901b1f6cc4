import * as comlink from 'comlink'
import { HoldfastError, type ErrorObject } from '../base/index.ts'

/*
 * Comlink between page and workers. One frozen object a worker is exposed, so a message can reach its own methods only, and
 * whatever is thrown crosses as code, message and data: comlink by itself keeps nothing but the text.
 */

const thrown = comlink.transferHandlers.get('throw')
if (thrown === undefined) throw new HoldfastError('internal', 'comlink has no handler for errors')
comlink.transferHandlers.set('throw', {
  canHandle: thrown.canHandle,
  serialize: ({ value }: { value: unknown }) => [HoldfastError.from(value).toObject(), []],
  deserialize: (error: ErrorObject) => { throw HoldfastError.fromObject(error) },
})

/** Offers `service` to whoever started this worker. */
export function exposeService(service: object): void {
  comlink.expose(Object.freeze(service))
}

/** Offers `service` to whoever has the other end of `port`. */
export function exposeOn(port: MessagePort, service: object): void {
  comlink.expose(Object.freeze(service), port)
}

/** What is offered at the other end of `port`. */
export function wrapPort<T>(port: MessagePort): comlink.Remote<T> {
  return comlink.wrap<T>(port)
}

/** The service a worker exposes, its methods asynchronous. */
export function wrapService<T>(worker: Worker): comlink.Remote<T> {
  return comlink.wrap<T>(worker)
}

/** An object of this side whose methods the other side may call. */
export function offer<T extends object>(methods: T): T & comlink.ProxyMarked {
  return comlink.proxy(methods)
}

/** `value` with what it contains handed over instead of copied. */
export function hand<T>(value: T, transfer: Transferable[]): T {
  return comlink.transfer(value, transfer)
}

export type Remote<T> = comlink.Remote<T>
