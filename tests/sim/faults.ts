/** What goes wrong, by name. */
export const faults = ['delay', 'loss', 'partition', 'churn', 'kills', 'sleep', 'skew', 'relays', 'wipe', 'equivocate', 'withhold', 'forge', 'private', 'grind', 'sybil', 'eclipse', 'spam'] as const
export type Fault = typeof faults[number]

/** The faults of a list like `loss,kills`; `all` is each of them, `none` is none. Throws where a name is none. */
export function faultsOf(text: string): ReadonlySet<Fault> {
  const found = new Set<Fault>()
  for (const name of text.split(',')) {
    const fault = faults.find(each => each === name)
    if (name === 'all') for (const each of faults) found.add(each)
    else if (fault !== undefined) found.add(fault)
    else if (name !== '' && name !== 'none') throw new Error(`no fault is called ${name}`)
  }
  return found
}
