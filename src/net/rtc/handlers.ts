/** Gives `target`, a prototype, the `on…` properties of its events, as platform objects have them. */
export function eventHandlers(target: EventTarget, names: readonly string[]): void {
  for (const name of names) {
    const handlers = new WeakMap<EventTarget, ((event: Event) => unknown) | null>()
    Object.defineProperty(target, `on${name}`, {
      configurable: true,
      enumerable: true,
      get(this: EventTarget) { return handlers.get(this) ?? null },
      set(this: EventTarget, handler: unknown) {
        if (!handlers.has(this)) this.addEventListener(name, event => { handlers.get(this)?.call(this, event) })
        handlers.set(this, typeof handler === 'function' ? handler as (event: Event) => unknown : null)
      },
    })
  }
}

/** An event with more fields; `RTCDataChannelEvent` and its like have no constructor in a worker. */
export function eventWith(name: string, fields: object): Event {
  return Object.assign(new Event(name), fields)
}
