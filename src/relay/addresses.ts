import { toHex } from '../base/index.ts'

/** The 4 or 16 bytes of an IP address as Node writes it, IPv4 in IPv6 clothes as IPv4; null where it is none. */
export function addressBytes(ip: string): Uint8Array | null {
  const plain = ip.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')
  if (/^\d+\.\d+\.\d+\.\d+$/.test(plain)) return Uint8Array.from(plain.split('.').map(Number))
  if (!/^[0-9a-f:]+$/i.test(plain)) return null
  const [head = '', tail] = plain.split('::')
  const groups = (text: string) => text === '' ? [] : text.split(':').map(group => Number.parseInt(group, 16))
  const [first, last] = [groups(head), groups(tail ?? '')]
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length)
  const all = [...first, ...Array<number>(zeros).fill(0), ...last]
  return all.length === 8 ? Uint8Array.from(all.flatMap(group => [group >>> 8, group & 0xff])) : null
}

/** One name for everybody behind one router: an IPv4 address, or the first 64 bits of an IPv6 one, the least a household gets. */
export function addressKey(ip: string): string {
  const bytes = addressBytes(ip)
  return bytes === null ? '' : toHex(bytes.subarray(0, 8))
}

/** Counts what each address holds, and takes no more than `most` of any. */
export class AddressCount {
  private readonly held = new Map<string, number>()

  constructor(private readonly most: number) {}

  /** Takes one for `key`: true where there is room. */
  take(key: string): boolean {
    const held = this.held.get(key) ?? 0
    if (held >= this.most) return false
    this.held.set(key, held + 1)
    return true
  }

  release(key: string): void {
    const held = (this.held.get(key) ?? 0) - 1
    if (held > 0) this.held.set(key, held)
    else this.held.delete(key)
  }
}
