import { secp256k1 } from '@noble/curves/secp256k1.js'
import { addressOfBytes, decode, encode, fromHex, loadSecp256k1, sha256, toHex, type Address } from '../../../src/base/index.ts'
import { Hamt, ledgerShape, verifyProof } from '../../../src/hamt/index.ts'
import {
  Ledger, blockId, genesisOf, header, headerDigest, judgeHeader, judgeHeaderBytes, judgeStatementBytes, localNetwork, rootOf, signStatement, statement, transactionDigest,
  type Chain, type Link, type Parameters,
} from '../../../src/ledger/index.ts'
import { account, keyBytes, keys, stateRoot } from '../../../src/state/index.ts'
import { memLedgerStore, openLedgerStore, type LedgerStore } from '../../../src/store/index.ts'
import { keyOf, ledgerInMemory, mine, transact, type Key, type Mined } from '../../support/mine.ts'

export type BlocksRequest = { readonly what: 'block', readonly accounts: number, readonly runs: number } | { readonly what: 'week', readonly headers: number, readonly runs: number }

const transfers = 50
const begin = 1_700_000_000

const timed = async (act: () => unknown): Promise<number> => {
  const before = performance.now()
  await act()
  return performance.now() - before
}

/** The i-th of accounts nobody has the key of. */
function addressAt(i: number): Address {
  const bytes = new Uint8Array(20)
  new DataView(bytes.buffer).setUint32(0, i)
  return addressOfBytes(bytes)
}

/** A ledger whose first state has that many accounts, as if they had come over the years. */
async function grown(store: LedgerStore<object>, parameters: Parameters, people: readonly Key[], accounts: number): Promise<Ledger> {
  const genesis = genesisOf(parameters)
  const trie = Hamt.empty(store.nodes)
  const row = (address: Address, balance: number) => ({ key: keyBytes(keys.account(address)), value: encode(account, { balance, nonce: 0n, mined: 0n, power: 1n }) })
  await trie.update([...genesis.state, ...people.map(({ address }) => row(address, 1_000_000)), ...Array.from({ length: accounts - people.length }, (_, i) => row(addressAt(i), 1))])
  const state = trie.commit(store.nextPack)
  const { root } = rootOf(genesis.header, state.root.digest)
  await store.commit({ blocks: [{ root, block: blockId(genesis.header), parent: null, number: 0, header: encode(header, genesis.header), power: 0n, body: { cid: genesis.header.body, bytes: genesis.body }, state }], head: root })
  return await Ledger.open({ parameters, store, signatures: await loadSecp256k1() })
}

/** Blocks of a series that is caught up with: several, so that one can be checked while another is written. */
const series = 8

/** For each run: ms a block of transfers takes, executed and kept; of its signatures alone; and of the same by noble. */
async function blocks({ accounts, runs }: Extract<BlocksRequest, { what: 'block' }>): Promise<number[][]> {
  const { recover } = await loadSecp256k1()
  const people = await Promise.all(Array.from({ length: transfers }, async (_, i) => await keyOf(`person ${i}`)))
  const range = { states: 3000, bodies: 3000 }
  const [parameters, network] = [localNetwork(begin), crypto.getRandomValues(new Uint8Array(8))]
  const beside = await grown(await memLedgerStore(range), parameters, people, accounts)
  const ledger = await grown(await openLedgerStore<object>(network, { range }), parameters, people, accounts)
  const figures: number[][] = []
  for (let run = 0; run < runs; run++) {
    const mined: Mined[] = []
    const signed: { digest: Uint8Array, signature: Uint8Array }[] = []
    let memory = 0
    for (let i = 0; i < series; i++) {
      const time = beside.head.header.time + 1
      const pays = await Promise.all(people.map(async (person, n) => await transact(beside, person, { op: 1, body: { to: addressAt(((run * series + i) * transfers + n) * 7919 % (accounts - transfers)), amount: 3 } }, time)))
      const block = await mine(beside, { seconds: 60, transactions: pays })
      const judged = judgeHeaderBytes(block.header)
      let verdict: Awaited<ReturnType<Ledger['offer']>> | null = null
      memory += await timed(async () => { verdict = await beside.offer(block.header, block.body, block.time) })
      if (!judged.ok || !(verdict as { ok: boolean } | null)?.ok) throw new Error('a block that does not keep the rules')
      mined.push(block)
      signed.push(...pays.map(pay => ({ digest: transactionDigest(pay), signature: pay.signature })), { digest: headerDigest(judged.value), signature: judged.value.signature })
    }
    const nobles = signed.slice(0, transfers + 1).map(({ digest, signature }) => ({ digest, signature: Uint8Array.of(signature[64]!, ...signature.subarray(0, 64)) }))
    const pure = await timed(() => { for (const { digest, signature } of signed) if (recover(digest, signature) === null) throw new Error('not recovered') })
    const noble = await timed(() => { for (const { digest, signature } of nobles) secp256k1.recoverPublicKey(signature, digest, { prehash: false }) })
    const ours = await timed(async () => {
      const verdicts = await Promise.all(mined.map(async block => await ledger.offer(block.header, block.body, block.time)))
      if (!verdicts.every(({ ok }) => ok)) throw new Error('refused')
    })
    figures.push([ours / series, pure / series, noble, memory / series])
  }
  return figures
}

interface Week {
  readonly parameters: Parameters
  readonly network: string
  readonly genesis: Link
  readonly headers: readonly Uint8Array[]
  readonly statements: readonly Uint8Array[]
  /** By power root: the bytes that hash to it, and for each miner the nodes that show its account. */
  readonly proofs: ReadonlyMap<string, { readonly root: Uint8Array, readonly miners: ReadonlyMap<Address, readonly Uint8Array[]> }>
}

/** A week of blocks of an awake network, with what a peer without the state is given of it. */
async function week(count: number): Promise<Week> {
  const signatures = await loadSecp256k1()
  const parameters: Parameters = { ...localNetwork(begin), blockTime: 300, epoch: 288, activeWindow: 2016, rescue: 1800 }
  const ledger = await ledgerInMemory(parameters)
  const { head: genesis, network } = ledger
  const proofs = new Map<string, { root: Uint8Array, miners: Map<Address, readonly Uint8Array[]> }>()
  const headers: Uint8Array[] = []
  const miners = new Map<Address, Key>()
  for (let i = 0; i < count; i++) {
    const block = await mine(ledger, { seconds: 1800 })
    const verdict = await ledger.offer(block.header, block.body, block.time)
    if (!verdict.ok) throw new Error(verdict.detail)
    headers.push(block.header)
    miners.set(block.miner.address, block.miner)
    const powerRoot = verdict.value.header.powerRoot!
    const known = proofs.get(powerRoot) ?? { root: encode(stateRoot, ledger.parts(powerRoot)), miners: new Map<Address, readonly Uint8Array[]>() }
    if (!known.miners.has(block.miner.address)) known.miners.set(block.miner.address, await ledger.prove([keys.account(block.miner.address).name], powerRoot))
    proofs.set(powerRoot, known)
  }
  const { root, header: { number, time } } = ledger.head
  const statements = [...miners.values()].map(({ address, secret }) => encode(statement, signStatement({ network, miner: address, root, number, safe: genesis.root, time }, secret, signatures)))
  return { parameters, network, genesis, headers, statements, proofs }
}

/** For each run: ms to verify it all, and ms for the signatures in it alone. */
async function weeks({ headers: count, runs }: Extract<BlocksRequest, { what: 'week' }>): Promise<number[][]> {
  const signatures = await loadSecp256k1()
  const given = await week(count)
  const signed = given.headers.map(bytes => {
    const judged = judgeHeaderBytes(bytes)
    if (!judged.ok) throw new Error(judged.detail)
    return { digest: headerDigest(judged.value), signature: judged.value.signature }
  })
  const figures: number[][] = []
  for (let run = 0; run < runs; run++) {
    const ours = await timed(async () => { await verifyWeek(given) })
    const pure = await timed(() => { for (const { digest, signature } of signed) if (signatures.recover(digest, signature) === null) throw new Error('not recovered') })
    figures.push([ours, pure, given.headers.length])
  }
  return figures
}

/** As a peer does that has nothing of the state: the root of each block is named by the next one. */
async function verifyWeek({ parameters, network, genesis, headers, statements, proofs }: Week): Promise<void> {
  const signatures = await loadSecp256k1()
  const links = new Map<string, Link>([[genesis.root, genesis]])
  const chain: Chain = { record: root => links.get(root) ?? null }
  const powers = new Map<string, bigint>()
  const powerAt = async (root: string, miner: Address): Promise<bigint> => {
    const name = `${root}/${miner}`
    const known = powers.get(name)
    if (known !== undefined) return known
    const proof = proofs.get(root)!
    const parts = decode(stateRoot, proof.root)
    if (!parts.ok || toHex(sha256(proof.root)) !== root) throw new Error('another root')
    const proven = verifyProof(fromHex(parts.value.state)!, ledgerShape, [keyBytes(keys.account(miner))], proof.miners.get(miner)!)
    if (!proven.ok) throw new Error(proven.reason)
    const [bytes = null] = proven.value
    const value = bytes === null ? null : decode(account, bytes)
    const power = value?.ok === true ? value.value.power : 0n
    powers.set(name, power)
    return power
  }
  let parent = genesis
  const read = headers.map(bytes => {
    const judged = judgeHeaderBytes(bytes)
    if (!judged.ok) throw new Error(judged.detail)
    return judged.value
  })
  for (const [i, each] of read.entries()) {
    const verdict = await judgeHeader(each, parent, { chain, powerAt }, { network, parameters, signatures })
    if (!verdict.ok) throw new Error(verdict.detail)
    const root = read[i + 1]?.previousRoot ?? 'the tip'
    parent = { ...verdict.value, root }
    links.set(root, parent)
  }
  for (const bytes of statements) {
    const verdict = judgeStatementBytes(bytes, network, signatures)
    if (!verdict.ok) throw new Error(verdict.detail)
  }
}

globalThis.onmessage = ({ data }: MessageEvent<BlocksRequest>) => {
  const figures = data.what === 'block' ? blocks(data) : weeks(data)
  figures.then(result => { postMessage({ figures: result }) }, (error: unknown) => { postMessage({ problem: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) }) })
}
