/** What a page under measurement carries: put there before anything else of it runs. */
export interface Probe {
  /** Tasks of more than 50 ms, in ms since the page began. */
  readonly longTasks: { readonly start: number, readonly duration: number }[]
  /** Elements that match, shadow trees included, in the order of the document. */
  all(selector: string): Element[]
  /** Looks every few ms until `found` gives something else than null. */
  until<T>(found: () => T | null): Promise<T>
}

declare global { var probe: Probe }

/** For `addInitScript`: serialised, so it knows nothing but itself. */
export function installProbe(): void {
  const longTasks: { start: number, duration: number }[] = []
  new PerformanceObserver(list => {
    for (const { startTime, duration } of list.getEntries()) longTasks.push({ start: startTime, duration })
  }).observe({ type: 'longtask', buffered: true })
  const collect = (selector: string, root: ParentNode, found: Element[]): Element[] => {
    for (const element of root.querySelectorAll('*')) {
      if (element.matches(selector)) found.push(element)
      if (element.shadowRoot !== null) collect(selector, element.shadowRoot, found)
    }
    return found
  }
  globalThis.probe = {
    longTasks,
    all: selector => collect(selector, document, []),
    async until(found) {
      for (;;) {
        const it = found()
        if (it !== null) return it
        await new Promise(resolve => { setTimeout(resolve, 20) })
      }
    },
  }
}
