const units: Readonly<Record<string, number>> = { '': 1, 'kb': 1e3, 'mb': 1e6, 'gb': 1e9, 'kib': 2 ** 10, 'mib': 2 ** 20, 'gib': 2 ** 30 }

/** A whole number above 0 with or without a unit, as `2GiB` or `200 MB`. Throws for anything else. */
export function parseSize(text: string): number {
  const [, digits, unit = ''] = /^(\d+)\s*([a-z]*)$/i.exec(text.trim()) ?? []
  const value = Number(digits) * (units[unit.toLowerCase()] ?? Number.NaN)
  if (!Number.isSafeInteger(value) || value === 0) throw new RangeError(`not a number or a size: ${text}`)
  return value
}
