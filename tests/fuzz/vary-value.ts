import type { Chance } from './chance.ts'

/** What a field may hold that nobody thought of. */
const odd: readonly unknown[] = [null, true, false, 0, 1, -1, 1.5, 2 ** 31, 2 ** 32, 2 ** 53 - 1, -(2 ** 53 - 1), 1e308, '', 'a', '__proto__', 'constructor', '\0', '\ud800',
  'x'.repeat(300), '[object Object]', [], [null], [[]], {}, { length: 1e9 }, { toString: 1, valueOf: 1 }]
const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'length', 'then', '', '0', '/', 'bytes', 'asCID']

/** `value` with one place in it replaced, dropped, doubled, renamed or added to; what it holds is not copied deeper than needed. */
export function varyValue(value: unknown, chance: Chance, extra: readonly unknown[] = []): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    const at = chance.below(items.length)
    switch (chance.below(6)) {
      case 0: return chance.pick([...odd, ...extra])
      case 1: return items.toSpliced(at, 1)
      case 2: return items.toSpliced(at, 0, items[at])
      case 3: return items.toSpliced(at, 0, chance.pick([...odd, ...extra]))
      default: return items.length === 0 ? items : items.with(at, varyValue(items[at], chance, extra))
    }
  }
  if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    const entries = Object.entries(value)
    const at = chance.below(entries.length)
    const [key = '', item] = entries[at] ?? []
    switch (chance.below(8)) {
      case 0: return chance.pick([...odd, ...extra])
      case 1: return made(entries.toSpliced(at, 1))
      case 2: return made([...entries, [chance.pick(keys), chance.pick([...odd, ...extra])]])
      case 3: return made(entries.toSpliced(at, 1, [chance.pick(keys), item]))
      default: return made(entries.toSpliced(at, 1, [key, varyValue(item, chance, extra)]))
    }
  }
  return chance.pick([...odd, ...extra])
}

/** `fromEntries` makes `__proto__` a key like any other. */
function made(entries: readonly (readonly [string, unknown])[]): unknown {
  return Object.fromEntries(entries)
}
