import { expect, test } from 'vitest'
import { HoldfastError } from '../../../src/base/index.ts'
import type { IdentityState } from '../../../src/keys/index.ts'
import type { Statement, UnsignedStatement } from '../../../src/ledger/index.ts'
import type { DeskParts } from '../../../src/peer/desk-parts.ts'
import { VoterPart } from '../../../src/peer/voter-part.ts'
import type { Voter } from '../../../src/sync/index.ts'

const [anna, ben] = ['T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb', 'TVnVYpgpw3BXkt4uGh5XL63H1a4EWKGyZv']
const stateOf = (address: string, locked = false): IdentityState => ({ address, backedUp: null, passphrase: locked, locked })
const device = new Uint8Array(32).fill(3)
const settled = async () => { await new Promise(done => { setTimeout(done, 5) }) }

/** The part among a keys worker that is whoever a test says, a peer and a record that note what they are told. */
function around() {
  const told: string[] = []
  const clock = { time: 0, now() { return this.time } }
  const seen = { voter: null as Voter | null, asked: [] as unknown[], whose: anna, fails: false, isBusy: false, signed: null as Promise<never> | null }
  const keys = {
    publicKeys: async () => seen.isBusy ? await Promise.reject(new HoldfastError('storage-busy')) : await Promise.resolve({ address: seen.whose, ledger: new Uint8Array(33).fill(seen.whose === anna ? 1 : 2) }),
    sign: async (kind: string, network: string, value: unknown) => {
      seen.asked.push([kind, network, value])
      if (seen.fails) throw new HoldfastError('locked')
      if (seen.signed !== null) await seen.signed
      return await Promise.resolve(new Uint8Array(65).fill(seen.asked.length))
    },
  }
  const sync = {
    setVoter: (voter: Voter | null) => {
      seen.voter = voter
      told.push(`voter ${voter?.address ?? 'none'}`)
    },
  }
  const record = { device: device as Uint8Array<ArrayBuffer> | null, setAccount: (account: { address: string } | null) => { told.push(`record ${account?.address ?? 'none'}`) } }
  const part = new VoterPart({ keys, sync, clock, network: '00112233445566ff' } as unknown as DeskParts, record)
  return { part, told, seen, record, clock }
}

test('votes are of the person of this device, and its record says so', async () => {
  const { part, told, seen } = around()
  part.onIdentity(stateOf(anna))
  await settled()
  expect(told).toEqual([`voter ${anna}`, `record ${anna}`])
  expect(seen.asked).toEqual([['device', '00112233445566ff', { address: anna, device }]])
  expect(seen.voter?.publicKey[0]).toBe(1)
  const unsigned = { miner: anna, number: 3 } as unknown as UnsignedStatement
  expect(await seen.voter?.sign(unsigned)).toEqual({ ...unsigned, signature: new Uint8Array(65).fill(2) } satisfies Statement)
  expect(seen.asked.at(-1)).toEqual(['statement', '00112233445566ff', unsigned])
  part.onIdentity({ ...stateOf(anna), backedUp: 'words' })
  await settled()
  expect(told.length).toBe(2) // nothing of that is new
})

test('without an identity, or while it is locked, this peer has no say', async () => {
  const { part, told, seen } = around()
  part.onIdentity(null)
  part.onIdentity(stateOf(anna, true))
  await settled()
  expect([told, seen.asked]).toEqual([[], []])
  part.onIdentity(stateOf(anna))
  await settled()
  part.onIdentity(stateOf(anna, true))
  await settled()
  expect(told).toEqual([`voter ${anna}`, `record ${anna}`, 'voter none', 'record none'])
})

test('another identity takes the place of the one before', async () => {
  const { part, told, seen } = around()
  part.onIdentity(stateOf(anna))
  await settled()
  seen.whose = ben
  part.onIdentity(stateOf(ben))
  await settled()
  expect(told).toEqual([`voter ${anna}`, `record ${anna}`, 'voter none', 'record none', `voter ${ben}`, `record ${ben}`])
})

test('an identity that changes while it is asked for is not taken for the other', async () => {
  const { part, told, seen } = around()
  part.onIdentity(stateOf(anna))
  part.onIdentity(null)
  await settled()
  expect(told).toEqual([])
  seen.whose = ben // the keys worker is further than its news
  part.onIdentity(stateOf(anna))
  await settled()
  expect(told).toEqual([])
  part.onIdentity(stateOf(ben))
  await settled()
  expect(told).toEqual([`voter ${ben}`, `record ${ben}`])
})

test('what fails of an identity that was replaced meanwhile takes nothing from the one in its place', async () => {
  const { part, told, seen } = around()
  let refuse: (error: HoldfastError) => void = () => {}
  seen.signed = new Promise<never>((_, fail) => { refuse = fail })
  part.onIdentity(stateOf(anna))
  await settled()
  ;[seen.whose, seen.signed] = [ben, null]
  part.onIdentity(stateOf(ben))
  await settled()
  refuse(new HoldfastError('bad-input', 'not the key of this address'))
  await settled()
  expect(told).toEqual([`voter ${anna}`, 'voter none', `voter ${ben}`, `record ${ben}`])
})

test('of two keys of the device the later one stands, in whichever order they are signed for', async () => {
  const { part, told, seen, record } = around()
  let refuse: (error: HoldfastError) => void = () => {}
  seen.signed = new Promise<never>((_, fail) => { refuse = fail })
  part.onIdentity(stateOf(anna))
  await settled()
  record.device = new Uint8Array(32).fill(4)
  seen.signed = null
  part.onDevice()
  await settled()
  refuse(new HoldfastError('timeout'))
  await settled()
  expect(told).toEqual([`voter ${anna}`, `record ${anna}`])
})

test('where the keys could not be asked they are asked again by and by', async () => {
  const { part, told, seen, clock } = around()
  seen.isBusy = true
  part.onIdentity(stateOf(anna))
  await settled()
  seen.isBusy = false
  part.onStatus()
  await settled()
  expect(told).toEqual([])
  clock.time += 60_000
  part.onStatus()
  part.onStatus()
  await settled()
  clock.time += 60_000
  part.onStatus()
  await settled()
  expect(told).toEqual([`voter ${anna}`, `record ${anna}`])
})

test('the record waits for the key of the device, and is signed anew for another', async () => {
  const { part, told, record } = around()
  record.device = null
  part.onIdentity(stateOf(anna))
  await settled()
  expect(told).toEqual([`voter ${anna}`])
  record.device = device
  part.onDevice()
  await settled()
  record.device = new Uint8Array(32).fill(4)
  part.onDevice()
  await settled()
  expect(told).toEqual([`voter ${anna}`, `record ${anna}`, `record ${anna}`])
})

test('where nothing can be signed a vote is left out', async () => {
  const { part, seen } = around()
  part.onIdentity(stateOf(anna))
  await settled()
  seen.fails = true
  expect(await seen.voter?.sign({} as UnsignedStatement)).toBeNull()
})

test('after its end it says no more', async () => {
  const { part, told } = around()
  part.onIdentity(stateOf(anna))
  part.close()
  await settled()
  expect(told).toEqual([])
})
