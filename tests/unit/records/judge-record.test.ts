import { ed25519 } from '@noble/curves/ed25519.js'
import { expect, test } from 'vitest'
import { concat, fromHex, limits, sha256, toHex } from '../../../src/base/index.ts'
import { encodeEntry, entryHash, judgeRecord } from '../../../src/records/index.ts'
import { faultOf, read } from '../../support/faults.ts'
import { chainNamed, commitTo, commitToChain, entryOf, firstEntryOf, payment, signer } from '../../support/records.ts'

const [alice, bob] = [signer('alice'), signer('bob')]
const time = 1_700_000_000_123
const entry = entryOf(chainNamed('test'), { content: 'hello' })

test('each kind is told by its bytes', () => {
  const items = [commitTo(entry, alice, { time }), commitToChain(firstEntryOf('test'), alice, { time }), payment({ time, from: [[10, alice]] }), entry]
  expect(items.map(bytes => read(judgeRecord(bytes)).kind)).toEqual(['entry-commit', 'chain-commit', 'factoid', 'entry'])
  expect(read(judgeRecord(entry))).toMatchObject({ hash: entryHash(entry), bytes: entry, entry: { chainId: chainNamed('test') } })
})

test('an entry as long as a commit is an entry, unless a key has signed it', () => {
  for (const [length, ledger, commit] of [[136, 40, commitTo(entry, alice, { time })], [200, 104, commitToChain(firstEntryOf('test'), alice, { time })]] as const) {
    const like = encodeEntry({ chainId: chainNamed('test'), extIds: [], content: new Uint8Array(length - 35).fill(7) })
    expect(read(judgeRecord(like)).kind).toBe('entry')
    expect(judgeRecord(commit.with(commit.length - 40, commit.at(-40)! ^ 1))).not.toMatchObject({ value: { kind: 'entry-commit' } })
    // an entry that somebody took care to sign as a commit is one, and falls by its credits: here 7
    const signed = like.subarray(0, ledger)
    const sealed = concat(signed, fromHex(alice.publicKey)!, ed25519.sign(signed, alice.secret))
    expect(length === 136 ? read(judgeRecord(sealed)).kind : faultOf(judgeRecord(sealed))).toBe(length === 136 ? 'entry-commit' : 'chain-commit-credits')
  }
})

test('a commit that pays what none may is no entry', () => {
  const commit = commitTo(entry, alice, { time })
  const ledger = commit.subarray(0, 40).with(39, 11)
  expect(faultOf(judgeRecord(concat(ledger, fromHex(alice.publicKey)!, ed25519.sign(ledger, alice.secret))))).toBe('commit-credits')
})

test('who pays is part of what happens once; the TXID says nothing of it', () => {
  const [one, other] = [read(judgeRecord(commitTo(entry, alice, { time }))), read(judgeRecord(commitTo(entry, bob, { time })))]
  if (one.kind !== 'entry-commit' || other.kind !== 'entry-commit') throw new Error('no commits')
  expect(one.txid).toBe(other.txid)
  expect(one.replayKey).not.toBe(other.replayKey)
  expect(one.replayKey).toBe(toHex(sha256(concat(one.bytes.subarray(0, 40), fromHex(alice.publicKey)!))))
  const paid = read(judgeRecord(payment({ time, from: [[10, alice]] })))
  expect(paid).toMatchObject({ kind: 'factoid', replayKey: paid.kind === 'factoid' ? paid.txid : '' })
})

test('what begins otherwise, is empty or too long is none', () => {
  for (const bytes of [new Uint8Array(0), Uint8Array.of(1), Uint8Array.of(3, 0), Uint8Array.of(0x80)]) expect(faultOf(judgeRecord(bytes))).toBe('record-kind')
  expect([judgeRecord(new Uint8Array(0)), judgeRecord(Uint8Array.of(1))]).toMatchObject([{ reason: 'no bytes' }, { reason: 'begins with byte 1' }])
  expect(faultOf(judgeRecord(new Uint8Array(limits.recordBytes + 1)))).toBe('entry-too-big')
  expect(faultOf(judgeRecord(new Uint8Array(limits.recordBytes)))).toBeNull()
  expect(faultOf(judgeRecord(Uint8Array.of(0)))).toBe('entry-short')
  expect(faultOf(judgeRecord(Uint8Array.of(2)))).toBe('tx-truncated')
})

test('judged once and kept, whatever becomes of the bytes that were given', () => {
  const bytes = entryOf(chainNamed('test'), { content: 'kept' })
  const first = judgeRecord(bytes)
  expect(judgeRecord(bytes.slice())).toBe(first)
  bytes.fill(0, 35)
  expect(read(first)).toMatchObject({ kind: 'entry', entry: { content: new TextEncoder().encode('kept') } })
  expect(judgeRecord(bytes)).not.toBe(first)
})
