import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkFolder } from '../../vectors/main.ts'

type Vectors = Readonly<Record<string, unknown>>
type Vector = Readonly<Record<string, unknown>>

const given = JSON.parse(await readFile('tests/fixtures/factom.json', 'utf8')) as Vectors & { readonly upstream: Vectors }

let root: string
beforeEach(async () => { root = await mkdtemp(join(tmpdir(), 'holdfast-vectors-')) })
afterEach(async () => { await rm(root, { recursive: true }) })

async function outcomesOf(vectors: Vectors): Promise<readonly { readonly verdict: string, readonly count: number, readonly why: string }[]> {
  await writeFile(join(root, 'any-name.json'), JSON.stringify(vectors))
  return (await checkFolder(root)).map(({ verdict, count, why }) => ({ verdict, count, why }))
}

const list = (vectors: Vectors, name: string): readonly Vector[] => vectors[name] as readonly Vector[]

const empty = Object.fromEntries(Object.keys(given).map(name => [name, []]))
const lists = Object.keys(given).filter(name => Array.isArray(given[name]))

test.each(lists)('all %s hold', async name => {
  expect(await outcomesOf({ ...empty, [name]: given[name] })).toEqual([{ verdict: 'passed', count: list(given, name).length, why: '' }])
})

test('what was taken from Factom itself holds', async () => {
  const outcomes = await outcomesOf({ ...empty, upstream: given.upstream })
  expect(outcomes).toEqual([{ verdict: 'passed', count: expect.any(Number) as number, why: '' }])
  expect(outcomes[0]!.count).toBe(Object.values(given.upstream).filter(Array.isArray).reduce((sum, { length }) => sum + length, 0) + 4) // and the ranges of addresses
})

test('members that are not there are not missed, nor what nobody knows', async () => {
  const { meta, varint, chainIds, entries, entryCommits, addresses } = given
  const bare = entries as readonly Vector[]
  const outcomes = await outcomesOf({
    meta, varint, chainIds, entryCommits, addresses, entries: bare.map(({ chainId, extIds, content, marshal, entryHash }) => ({ chainId, extIds, content, marshal, entryHash, note2: 1 })), more: [1],
    invalid: [{ id: 'a', kind: 'varint', bytes: '80', expect: 'another-word-for-it' }], upstream: { more: [1], docBodies: 'text' },
  })
  expect(outcomes.map(({ verdict }) => verdict)).toEqual(['passed'])
})

test('what the library makes and the specification forbids is refused, by the strict rule', async () => {
  const commit = list(given, 'invalid').find(({ id }) => id === 'ec-factomjs-empty-entry')!
  const [paid] = list(given, 'factoidTransactions')
  const outcomes = await outcomesOf({ ...empty, entryCommits: [{ commit: commit['bytes'], credits: 0 }], factoidTransactions: [{ ...paid, requiredFeeError: 'too large' }] })
  expect(outcomes.map(({ verdict, why }) => [verdict, why])).toEqual([['passed', ''], ['missed', expect.stringContaining('taken, not refused as tx-too-big') as string]])
})

test('what is wrong is missed, each by its name', async () => {
  /** The first vector of a list with one member changed. */
  const wrong = (name: string, change: Vector, at = 0): Vectors => ({ [name]: [{ ...list(given, name)[at], ...change }] })
  const zero = '0'.repeat(64)
  const [chain] = list(given, 'chainCommits')
  const changes: readonly Vectors[] = [
    wrong('varint', { bytes: '01' }), wrong('varint', { length: 2 }), wrong('chainIds', { chainId: zero }), wrong('entries', { entryHash: zero }), wrong('entries', { ecCostSpec: 2 }), wrong('entries', { content: '00' }),
    wrong('entries', { extIds: ['7465', '7374'] }), wrong('entryCommits', { txid: zero }), wrong('entryCommits', { fullHash: zero }), wrong('entryCommits', { credits: 2 }), wrong('entryCommits', { seed: zero, publicKey: zero }, 1),
    wrong('entryCommits', { ledger: '00' }), wrong('chainCommits', { weld: zero }), wrong('chainCommits', { reveal: `${String(chain!['reveal'])}00` }), wrong('factoidTransactions', { txid: zero }),
    wrong('factoidTransactions', { feesPaid: '1' }), wrong('factoidTransactions', { requiredFeeEC: 1 }), wrong('factoidTransactions', { feeSufficientAtRate1000: false }), wrong('factoidTransactions', { timestamp: 1 }),
    wrong('addresses', { FA: list(given, 'addresses')[1]!['FA'] }), wrong('addresses', { rcdHash: zero }), wrong('rawAddresses', { EC: list(given, 'rawAddresses')[1]!['EC'] }),
    wrong('invalid', { expect: 'varint-overflow' }), wrong('invalid', { bytes: '00' }), wrong('invalid', { kind: 'what' }),
    ...['entryBlocks', 'directoryBlocks', 'factoidBlocks', 'entryCreditBlocks', 'adminBlocks'].flatMap(name => ['keyMR', 'hash'].map(member => ({ upstream: { [name]: [{ ...list(given.upstream, name)[0], [member]: zero }] } }))),
    { upstream: { entryBlocks: [{ ...list(given.upstream, 'entryBlocks')[0], parsed: { entryCount: 1 } }] } }, { upstream: { receipts: [{ ...list(given.upstream, 'receipts')[0], directoryblockkeymr: zero }] } },
    { upstream: { addressRanges: { FA: (given.upstream['addressRanges'] as { readonly EC: unknown }).EC } } }, { upstream: { varint: [{ value: '1', bytes: '02' }] } },
  ]
  for (const change of changes) {
    const outcomes = await outcomesOf({ ...empty, ...change })
    expect(outcomes.filter(({ verdict }) => verdict !== 'skipped').map(({ verdict }) => verdict), JSON.stringify(change).slice(0, 300)).toEqual(['missed'])
    expect(outcomes.at(-1)?.why).not.toBe('')
  }
})
