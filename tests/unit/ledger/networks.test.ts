import { describe, expect, test } from 'vitest'
import { addressOfBytes, encode, toHex } from '../../../src/base/index.ts'
import { genesisCoins, genesisOf, genesisPower, localNetwork, mainFounding, mainNetwork, networkOf, parameters, parametersDigest, parametersFromJson, parametersToJson, recordsOp, type Allocation, type Parameters } from '../../../src/ledger/index.ts'
import { crowd, must, somebody } from '../../support/ledger.ts'

const most = 2 ** 40 - 1
const [ann, ben] = [somebody('Ann'), somebody('Ben')]
const network: Parameters = { ...localNetwork(1_800_000_000), allocations: [{ address: ann.address, balance: 5, power: 7n }, { address: ben.address, balance: 0, power: 0n }] }
const json = (): Record<string, unknown> => JSON.parse(JSON.stringify(parametersToJson(network))) as Record<string, unknown>
const entry = (members: Readonly<Record<string, unknown>>): Record<string, unknown> => ({ ...json(), allocations: [{ address: ann.address, balance: 5, power: '7', ...members }] })

const refused = (value: unknown): string => {
  const judged = parametersFromJson(value)
  return judged.ok ? 'accepted' : judged.code
}

describe('parameters of a network file', () => {
  test('are those that were written', () => {
    expect(parametersFromJson(json())).toEqual({ ok: true, value: network })
    expect(JSON.parse(JSON.stringify(parametersToJson(must(parametersFromJson(json())))))).toEqual(json())
  })

  test.each([['null', null], ['a list', []], ['a text', 'local'], ['a number', 5], ['nothing', undefined], ['a Map', new Map(Object.entries(json()))], ['an object of a class', Object.assign(Object.create({}) as object, json())]])('not %s', (_, value) => {
    expect(refused(value)).toBe('network-file')
  })

  test.each(Object.keys(json()))('with their %s', name => {
    const { [name]: _, ...rest } = json()
    expect(refused(rest)).toBe('network-file')
    for (const other of [null, true, 'x', '', -1, 1.5, Number.NaN, Infinity, 1e300, {}, { length: 0 }, [null], ['x'], '1', [[]]]) {
      if (name === 'name' && typeof other === 'string') continue
      expect(refused({ ...json(), [name]: other }), JSON.stringify(other)).toBe('network-file')
    }
  })

  test('a name may be empty and a list too, but not the one instead of the other', () => {
    expect(refused({ ...json(), name: '', ops: [], allocations: [] })).toBe('accepted')
    expect(refused({ ...json(), ops: '' })).toBe('network-file')
    expect(refused({ ...json(), allocations: '' })).toBe('network-file')
    expect(refused({ ...json(), name: [] })).toBe('network-file')
  })

  test.each([
    ['name', 'x'.repeat(32), 'x'.repeat(33)], ['name', 'ü'.repeat(16), 'ü'.repeat(17)], ['name', 'a', '\ud800'], ['time', 2 ** 32 - 1, 2 ** 32], ['blockTime', 5, 4], ['blockTime', 86_400, 86_401],
    ['epoch', 1, 0], ['activeWindow', 36, 0], ['range', 1, 0], ['range', 100_000, 100_001], ['short', 1, 0], ['short', 1_000, 1_001],
    ['rescue', 1, 0], ['rescue', 864_000, 864_001], ['drift', 1, 0], ['drift', 3_600, 3_601], ['minimumFee', 1, 0], ['minimumFee', most, most + 1], ['minimumPower', 1, 2], ['reward', most, most + 1],
    ['stampBits', 64, 65], ['stampedPerBlock', 255, 256], ['powerSenders', 255, 256], ['creditRate', 1, 0], ['creditRate', most, most + 1], ['keeperPeriod', 1, 0], ['keeperPeriod', 100_000, 100_001],
    ['keeperBond', most, most + 1], ['keeperBondPerGiB', most, most + 1], ['ops', [7, 2], [2, 2]], ['ops', [1], [0]], ['ops', [1], [24]], ['ops', [1], [1.5]], ['ops', [1], ['1']],
  ])('%s: on both sides of its limit', (name, good, bad) => {
    expect(refused({ ...json(), [name]: good })).toBe('accepted')
    expect(refused({ ...json(), [name]: bad })).toBe('network-file')
  })

  test('with no operation there is no code for', () => {
    for (const op of [12, 23]) expect(refused({ ...json(), ops: [1, op] })).toBe('unsupported')
    expect(refused({ ...json(), ops: [1, recordsOp] })).toBe('accepted')
  })

  test.each([
    ['address', [addressOfBytes(new Uint8Array(20))], [5, null, '', ann.address.slice(1), `${ann.address}1`, `${ann.address.slice(0, -1)}${ann.address.endsWith('1') ? '2' : '1'}`, ann.address.toLowerCase(), {}, [ann.address]]],
    ['balance', [0, most], [-1, most + 1, 1.5, '5', null, undefined, {}, [5], true]],
    ['power', ['0', String(2 ** 39 / 16)], [7, '', '-1', '07', '1.0', '0x7', ' 7', '7n', '1e3', '18446744073709551616', '99999999999999999999', '123456789012345678901', null, undefined, {}, ['7']]],
  ])('an allocation with its %s', (name, good, bad) => {
    for (const value of good) expect(refused(entry({ [name]: value })), JSON.stringify(value)).toBe('accepted')
    for (const value of bad) expect(refused(entry({ [name]: value })), JSON.stringify(value)).toBe('network-file')
  })

  test('allocations that are objects', () => {
    for (const value of [null, [], 'x', 5, [ann.address, 5, '7']]) expect(refused({ ...json(), allocations: [value] })).toBe('network-file')
  })

  test('nobody named twice', () => {
    const twice = [ann, ann].map(({ address }) => ({ address, balance: 1, power: '0' }))
    expect(refused({ ...json(), allocations: twice })).toBe('network-file')
  })

  test('an active window of whole epochs', () => {
    const window = (activeWindow: number): string => refused({ ...json(), epoch: 5, activeWindow })
    expect([window(20), window(21), window(4)]).toEqual(['accepted', 'network-file', 'network-file'])
    const both = (blocks: number): string => refused({ ...json(), epoch: blocks, activeWindow: blocks })
    expect([both(1), both(100_000), both(100_001)]).toEqual(['accepted', 'accepted', 'network-file'])
  })

  test('no more coins than amounts can say', () => {
    const coins = (balance: number): string => refused({ ...json(), allocations: [{ address: ann.address, balance, power: '0' }, { address: ben.address, balance: 5, power: '0' }] })
    expect([coins(most - 5), coins(most - 4)]).toEqual(['accepted', 'network-file'])
  })

  test('no more power than targets can say', () => {
    const power = (value: bigint): string => refused({ ...json(), blockTime: 8, allocations: [{ address: ann.address, balance: 0, power: String(value) }, { address: ben.address, balance: 0, power: '1' }] })
    expect([power(2n ** 36n - 1n), power(2n ** 36n)]).toEqual(['accepted', 'network-file'])
    const { header } = genesisOf(must(parametersFromJson({ ...json(), blockTime: 8, allocations: [{ address: ann.address, balance: 0, power: String(2n ** 36n) }] })))
    expect(header.baseTarget).toBe(2n ** 20n)
  })

  test('at most 10,000 allocations', () => {
    const many = (count: number): string => refused({
      ...json(), allocations: Array.from({ length: count }, (_, i) => ({ address: addressOfBytes(new Uint8Array(20).with(0, i >> 8).with(1, i & 255)), balance: 0, power: '0' })),
    })
    expect([many(10_000), many(10_001)]).toEqual(['accepted', 'network-file'])
  })

  test('whatever else the file says is left out', () => {
    const text = JSON.stringify({ ...json(), relays: ['x'], toString: 1 }).replace('{', '{"__proto__":{"name":"other","isAdmin":true},"constructor":{"prototype":{}},')
    const judged = parametersFromJson(JSON.parse(text))
    expect(judged).toEqual({ ok: true, value: network })
    expect(Object.keys(must(judged)).sort()).toEqual(Object.keys(network).sort())
    expect(Object.getPrototypeOf(must(judged))).toBe(Object.prototype)
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
    expect(parametersFromJson(entry({ memo: 'x', __proto__: { balance: 9 } }))).toMatchObject({ ok: true, value: { allocations: [{ address: ann.address, balance: 5, power: 7n }] } })
  })

  test('no member comes from a prototype', () => {
    const { name: _, ...rest } = json()
    expect(refused(JSON.parse(JSON.stringify(rest).replace('{', '{"__proto__":{"name":"local"},')))).toBe('network-file')
    expect(refused({ ...json(), allocations: [JSON.parse(`{"__proto__":{"power":"7"},"address":"${ann.address}","balance":5}`)] })).toBe('network-file')
  })

  test('zero has no sign', () => {
    expect(parametersFromJson({ ...json(), reward: -0, allocations: [] })).toEqual({ ok: true, value: { ...network, reward: 0, allocations: [] } })
  })
})

describe('the main network', () => {
  const hands = crowd('founder', 25).map(({ address }) => address)
  /** Founders with these powers and equal coins. */
  const founders = (powers: readonly bigint[], balance = 1): Allocation[] => powers.map((power, i) => ({ address: hands[i] ?? '', balance, power }))
  const even = (count: number, power: bigint): bigint[] => Array.from({ length: count }, () => power)
  const founded = (list: readonly Allocation[]): string => {
    const judged = mainNetwork({ time: 1_800_000_000, founders: list })
    return judged.ok ? 'founded' : judged.code
  }

  test('begins in 20 hands with a power of 100,000', () => {
    expect(founded(founders(even(20, 5_000n)))).toBe('founded')
    expect(founded(founders(even(19, 6_000n)))).toBe('bad-input')
    expect(founded(founders([...even(19, 5_000n), 4_999n]))).toBe('bad-input')
    expect(mainFounding).toMatchObject({ hands: 20, power: 100_000n })
  })

  test('hands without power are none', () => {
    expect(founded(founders([...even(19, 6_000n), 0n]))).toBe('bad-input')
    expect(founded(founders([...even(20, 5_000n), 0n]))).toBe('founded')
  })

  test('no hand holds a fifth of it', () => {
    expect(founded(founders([...even(20, 5_000n), 24_999n]))).toBe('founded')
    expect(founded(founders([...even(20, 5_000n), 25_000n]))).toBe('bad-input')
  })

  test('nobody stands for two hands', () => {
    const list = founders(even(20, 5_000n))
    expect(founded([...list.slice(1), ...list.slice(1, 2)])).toBe('bad-input')
    expect(founded([...list, ...list.slice(0, 1)])).toBe('network-file')
  })

  test('no founding that no network could have', () => {
    expect(founded(founders(even(20, 5_000n), Math.floor(most / 20)))).toBe('founded')
    expect(founded(founders(even(20, 5_000n), Math.ceil(most / 20)))).toBe('network-file')
    expect(founded(founders(even(20, 2n ** 39n)))).toBe('network-file')
    expect(founded(founders(even(20, 5_000n)).with(0, { address: 'nobody', balance: 1, power: 5_000n }))).toBe('network-file')
    expect(founded(founders(even(20, 5_000n), -1))).toBe('network-file')
    expect(founded(founders([...even(20, 6_000n), -1n]))).toBe('network-file')
    expect(mainNetwork({ time: -1, founders: founders(even(20, 5_000n)) }).ok).toBe(false)
  })

  test('has only the coins and powers of its founders', () => {
    const main = must(mainNetwork({ time: 1_800_000_000, founders: founders(even(20, 5_000n), 50) }))
    expect(main).toMatchObject({ name: 'main', blockTime: 300, reward: 0, minimumPower: 0, rescue: 1_800, range: 2_016 })
    expect([genesisCoins(main), genesisPower(main)]).toEqual([1_000, 100_000n])
    expect(parametersFromJson(JSON.parse(JSON.stringify(parametersToJson(main))))).toEqual({ ok: true, value: main })
  })
})

describe('a genesis', () => {
  test('differs wherever a parameter does', async () => {
    const ids = new Set<string>()
    const others: Partial<Parameters>[] = [{}, ...Object.entries(network).map(([name, value]) => ({ [name]: typeof value === 'number' ? name === 'minimumPower' ? 0 : value + 1 : typeof value === 'string' ? `${value}2` : [] }))]
    for (const other of others) ids.add(await networkOf({ ...network, ...other }))
    expect(ids.size).toBe(others.length)
  })

  test('is signed by nobody and names nothing that is made of it', () => {
    const { header, body } = genesisOf(network)
    expect(header).toMatchObject({
      network: '00'.repeat(8), number: 0, time: network.time, previousRoot: null, powerRoot: null, difficulty: 0n, nonce: 0n, profile: null, miner: addressOfBytes(new Uint8Array(20)), signature: new Uint8Array(65),
      baseTarget: 2n ** 59n / 70n,
    })
    expect(toHex(header.generation)).toBe(toHex(parametersDigest(network)))
    expect(body.length).toBeGreaterThan(0)
    expect(encode(parameters, network).length).toBeGreaterThan(0)
  })
})
