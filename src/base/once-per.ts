/** `make`, done once for each object it is asked about. What it makes has to follow from the object, and neither is changed by anybody. */
export function oncePer<K extends WeakKey, V extends object | string>(make: (of: K) => V): (of: K) => V {
  const made = new WeakMap<K, V>()
  return of => {
    let value = made.get(of)
    if (value === undefined) made.set(of, value = make(of))
    return value
  }
}
