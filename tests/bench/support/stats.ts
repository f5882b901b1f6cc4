/** The middle value, or the mean of the two in the middle. Throws where there are none: a median of nothing is no figure. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  if (low === undefined || high === undefined) throw new RangeError('a median of no values')
  return (low + high) / 2
}

/** `digits` significant digits. */
export function round(value: number, digits = 3): number {
  return Number(value.toPrecision(digits))
}
