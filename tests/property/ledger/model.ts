import { createHash } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { addressOfKey, decode, type Address, type Cid } from '../../../src/base/index.ts'
import { body as bodyCodec, type Header, type Parameters, type Transaction } from '../../../src/ledger/index.ts'
import { addressOf, encodePlain, hex, linkTo, plainHeader, plainTransaction } from '../../support/dag-cbor.ts'

/**
 * The ledger once more, written from its rules and as plainly as they are told: every block copies the whole state, every rule is asked anew, and logarithms are
 * floats. What it shares with the ledger are the shapes of bytes and the addresses of keys.
 */
export type Rows = ReadonlyMap<string, unknown>

/** A block that was taken, and the state after it as plain values. */
export interface Past { readonly header: Header, readonly root: Cid, readonly rows: Rows }

interface Account { balance: number, nonce: bigint, mined: bigint, power: bigint }

const mostCoins = 2 ** 40 - 1
const sha256 = (...parts: readonly (Uint8Array | string)[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const idOf = (header: Header): Cid => sha256(encodePlain(plainHeader(header))).toString('hex')

export function genesisRows({ allocations }: Parameters): Rows {
  const rows = new Map<string, unknown>(allocations.map(({ address, balance, power }) => [`account/${address}`, { balance, nonce: 0n, mined: 0n, power }]))
  const miners = allocations.filter(({ power }) => power > 0n)
  miners.forEach(({ address }, i) => rows.set(`miner/${String(i)}`, addressOf(address)))
  if (miners.length > 0) rows.set('miner/total', miners.length)
  return rows
}

/** The state after a block that goes on from the last of `past`, which begins with genesis; null where the block is invalid. */
export function stateAfter(past: readonly Past[], header: Header, bodyBytes: Uint8Array, network: string, parameters: Parameters): Rows | null {
  const body = decode(bodyCodec, bodyBytes)
  if (sha256(bodyBytes).toString('hex') !== header.body || bodyBytes.length > 512 * 1024 || !body.ok) return null
  if (!headerIsRight(past, header, network, parameters)) return null
  const { transactions, records } = body.value
  if (records.length > 0 || transactions.filter(({ stamp }) => stamp !== null).length > parameters.stampedPerBlock) return null

  const rows = new Map(past.at(-1)?.rows)
  const account = (address: Address): Account => ({ balance: 0, nonce: 0n, mined: 0n, power: 0n, ...rows.get(`account/${address}`) as Partial<Account> | undefined })
  const change = (address: Address, how: (account: Account) => void): void => {
    const changed = account(address)
    how(changed)
    if (changed.power > 0n && account(address).power === 0n) {
      const total = rows.get('miner/total') as number | undefined ?? 0
      rows.set(`miner/${String(total)}`, addressOf(address))
      rows.set('miner/total', total + 1)
    }
    rows.set(`account/${address}`, changed)
  }
  const setProfile = (address: Address, profile: string, log: string): void => {
    rows.set(`account/${address}/profile`, profile)
    const { relay } = JSON.parse(profile) as { relay?: unknown }
    const relays = Array.isArray(relay) ? relay.filter(each => typeof each === 'string' && each.length > 0 && each.isWellFormed() && each.charCodeAt(0) !== 0xfeff && Buffer.byteLength(each) <= 256).slice(0, 8) : []
    if (relays.length > 0) rows.set(log, relays)
  }

  const { miner } = header
  const pending = rows.get('fees') as number | undefined ?? 0
  if (header.nonce !== account(miner).mined + 1n) return null
  change(miner, each => { each.mined++; each.power++ })
  if (header.profile !== null) setProfile(miner, header.profile, `account/${miner}/mined/${String(header.nonce)}/relays`)

  let fees = 0
  const senders: Address[] = []
  for (const [index, tx] of transactions.entries()) {
    const { sender, nonce, fee } = tx
    const place = `account/${sender}/${String(nonce)}`
    if (!isSoundAt(tx, header.time, network, parameters)) return null
    if (nonce !== account(sender).nonce + 1n) return null
    if (tx.witness !== null && !past.some(({ header: { number }, root }) => root === tx.witness && number >= header.number - parameters.range)) return null
    const amount = tx.op === 1 ? tx.body.amount : 0
    if (account(sender).balance < amount + fee) return null
    fees += fee
    if (fees + parameters.reward > mostCoins) return null
    change(sender, each => { each.balance -= amount + fee; each.nonce++ })
    if (fee >= parameters.minimumFee && !senders.includes(sender) && senders.length < parameters.powerSenders) {
      senders.push(sender)
      change(sender, each => { each.power++ })
    }
    if (tx.profile !== null) setProfile(sender, tx.profile, `${place}/relays`)
    if (tx.op === 1 && tx.body.to.startsWith('T')) {
      change(tx.body.to, each => { each.balance += amount })
      if (tx.body.to !== sender && account(tx.body.to).balance > mostCoins) return null
    } else if (tx.op === 1) {
      const held = rows.get(`factoid/${tx.body.to}`) as number | undefined ?? 0
      if (held + amount > mostCoins) return null
      rows.set(`factoid/${tx.body.to}`, held + amount)
    } else if (tx.op === 2) {
      const { thread } = tx.body
      if (thread !== null && !(thread.address === sender && thread.nonce === nonce)) {
        const answered = rows.get(`account/${thread.address}/${String(thread.nonce)}`) as { op: number } | undefined
        if (answered?.op !== 2) return null
      }
    } else if (tx.op === 7) {
      setProfile(sender, tx.body.profile, `${place}/relays`)
      if (tx.body.box === null) rows.delete(`box/${sender}`)
      else rows.set(`box/${sender}`, hex(tx.body.box))
    } else throw new Error(`no model of operation ${String(tx.op)}`)
    rows.set(place, { op: tx.op, block: linkTo(idOf(header)), index, transaction: tx.op === 2 ? linkTo(sha256(encodePlain(plainTransaction(tx))).toString('hex')) : null })
  }

  const amount = pending + parameters.reward
  if (account(miner).balance + amount > mostCoins) return null
  change(miner, each => { each.balance += amount })
  rows.set(`account/${miner}/mined/${String(header.nonce)}`, { op: 0, amount, block: linkTo(idOf(header)) })
  rows.set('fees', fees)
  return rows
}

function headerIsRight(past: readonly Past[], header: Header, network: string, parameters: Parameters): boolean {
  const parent = past.at(-1)
  if (parent === undefined || header.network !== network || header.previousRoot !== parent.root || header.number !== parent.header.number + 1) return false
  if (header.time <= parent.header.time) return false
  const { signature, ...unsigned } = header
  const key = signer('holdfast/block/1', network, plainHeader(unsigned), signature)
  if (key === null || addressOfKey(key) !== header.miner) return false

  const { epoch, blockTime, rescue } = parameters
  const powers = past[Math.max(0, (Math.floor(header.number / epoch) - 1) * epoch)]
  if (powers === undefined || header.powerRoot !== powers.root) return false
  if (header.baseTarget !== targetAfter(past, blockTime)) return false
  const generation = sha256('holdfast/generation/1', parent.header.generation, key)
  if (!generation.equals(header.generation)) return false
  if (header.difficulty !== parent.header.difficulty + 2n ** 64n / header.baseTarget || header.difficulty >= 2n ** 64n) return false

  const held = powers.rows.get(`account/${header.miner}`) as Account | undefined
  const power = Math.max(parameters.minimumPower, Number(held?.power ?? 0n))
  if (power === 0) return false
  const drawn = -Math.log((Number(generation.readBigUInt64BE()) + 1) / 2 ** 64) * 2 ** 59
  const interval = Math.floor(drawn / (Number(header.baseTarget) * power)) + 1
  const elapsed = header.time - parent.header.time
  return elapsed === interval && interval <= rescue || elapsed >= rescue
}

function targetAfter(past: readonly Past[], blockTime: number): bigint {
  const [parent, first] = [past.at(-1)?.header, past[0]?.header]
  const third = past.at(-4)?.header
  if (parent === undefined || first === undefined) throw new Error('no past')
  if (parent.number < 3 || third === undefined) return first.baseTarget
  const pace = Math.floor((parent.time - third.time) * 100 / blockTime)
  const target = parent.baseTarget
  const moved = pace > 300 ? target * BigInt(Math.min(pace, 335)) / 300n : target - target / 1875n * BigInt(300 - Math.max(pace, 265)) * 4n
  return moved < 2n ** 20n ? 2n ** 20n : moved > 2n ** 63n ? 2n ** 63n : moved
}

/** What can be said of a transaction without a state. */
function isSoundAt(tx: Transaction, blockTime: number, network: string, { ops, minimumFee, stampBits }: Parameters): boolean {
  if (!ops.includes(tx.op) || tx.network !== network) return false
  if (tx.time > blockTime + 15 || blockTime - tx.time > 12 * 3600) return false
  const { signature, ...unsigned } = tx
  if (tx.stamp === null) {
    if (tx.fee < minimumFee) return false
  } else {
    const stamp = Buffer.alloc(8)
    stamp.writeBigUInt64BE(tx.stamp)
    const digest = sha256(sha256(encodePlain({ ...plainTransaction(unsigned), stamp: null }), stamp))
    if (tx.fee !== 0 || tx.op === 1 || !digest.readBigUInt64BE().toString(2).padStart(64, '0').startsWith('0'.repeat(stampBits))) return false
  }
  const key = signer('holdfast/transaction/1', network, plainTransaction(unsigned), signature)
  return key !== null && addressOfKey(key) === tx.sender
}

/** The key whose signature these 65 bytes are, by another library than the ledger's. */
function signer(domain: string, network: string, unsigned: Record<string, unknown>, signature: Uint8Array): Uint8Array | null {
  const digest = sha256(domain, Uint8Array.of(0), hex(network), encodePlain(unsigned))
  const [v = 9] = signature.subarray(64)
  const s = BigInt(`0x${Buffer.from(signature.subarray(32, 64)).toString('hex')}`)
  if (v > 1 || s > secp256k1.Point.CURVE().n / 2n) return null
  try { return secp256k1.recoverPublicKey(Uint8Array.of(v, ...signature.subarray(0, 64)), digest, { prehash: false }) } catch { return null }
}
