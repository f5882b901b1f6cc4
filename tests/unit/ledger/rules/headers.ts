import { encode } from '../../../../src/base/index.ts'
import { childRules, header as headerCodec, judgeHeader, judgeHeaderBytes, turnAfter, type Header, type Verdict } from '../../../../src/ledger/index.ts'
import { TestChain, must, somebody, type Draft } from '../../../support/ledger.ts'
import { jsonOf, reshaped, type Case, type Cases } from './case.ts'

const [ann, ben] = [somebody('Ann'), somebody('Ben')]
/** Ten blocks: power is looked up at block 4, since an epoch has four. With Ann's power at genesis, others wait 20 s on average by now. */
const world = await (await TestChain.begin({ allocations: [{ address: ann.address, balance: 1, power: 5n }] })).grow(10)
const { header } = await world.block({ profile: '{}' })
const bytes = encode(headerCodec, header)
const next = must(await world.judge(await world.block())).tip

const tried = async (draft: Draft = {}): Promise<Verdict<unknown>> => await world.try(draft)

function shape(limit: string, good: Readonly<Record<string, unknown>>, bad: Readonly<Record<string, unknown>>): Case {
  return { limit, keeps: () => judgeHeaderBytes(reshaped(bytes, good)), breaks: () => judgeHeaderBytes(reshaped(bytes, bad)) }
}

/** A header that says something else than the next block does, signed by its miner as if it were so. */
const saying = (limit: string, changed: Partial<Header>): Case => ({ limit, keeps: async () => await tried(), breaks: async () => await tried({ header: changed }) })

/** The deadline of somebody whose turn comes before the rescue, and of somebody else whose does not. */
const turns = Array.from({ length: 400 }, (_, i) => somebody(`miner ${String(i)}`)).map(miner => ({ miner, seconds: Number(turnAfter(world, world.tip, { publicKey: miner.publicKey, power: 0n }, world.network, world.parameters)?.interval ?? 0n) }))
const { rescue } = world.parameters
const soon = found(turns.filter(({ seconds }) => seconds < rescue - 1 && seconds > 1))
const late = found(turns.filter(({ seconds }) => seconds > rescue && seconds < 2 * rescue))

function found<T>([first]: readonly T[]): T {
  if (first === undefined) throw new Error('nobody has such a turn')
  return first
}

const after = async ({ miner }: typeof soon, seconds: number): Promise<Verdict<unknown>> => await world.try({ miner, time: world.tip.header.time + seconds })

/** A chain whose tip has so much difficulty. */
const full = async (room: bigint): Promise<Verdict<unknown>> => {
  const { baseTarget } = childRules(world, world.tip, world.parameters)
  const difficulty = 2n ** 64n - 1n - 2n ** 64n / baseTarget + room
  const parent = { ...world.tip, header: { ...world.tip.header, difficulty } }
  const { header: child } = await world.block({ header: { difficulty: BigInt.asUintN(64, difficulty + 2n ** 64n / baseTarget) } })
  return await judgeHeader(child, parent, { chain: world, powerAt: world.powerAt }, world.rulebook)
}

/** Chains on which only who has power may mine. */
const strict = async (power: bigint): Promise<Verdict<unknown>> =>
  await (await TestChain.begin({ minimumPower: 0, allocations: [{ address: ann.address, balance: 1, power: 1n }, { address: ben.address, balance: 1, power }] })).try({ miner: ben })

export const headerCases = {
  'block-encoding': [
    shape('version 1', {}, { version: 2 }),
    shape('a number of 32 bits', { number: 2 ** 32 - 1 }, { number: 2 ** 32 }),
    shape('a time of 32 bits', { time: 2 ** 32 - 1 }, { time: 2 ** 32 }),
    shape('a target of 64 bits', { baseTarget: 2n ** 64n - 1n }, { baseTarget: -1 }),
    shape('a difficulty of 64 bits', { difficulty: 2n ** 64n - 1n }, { difficulty: '0' }),
    shape('a generation of 32 bytes', { generation: new Uint8Array(32) }, { generation: new Uint8Array(31) }),
    shape('a miner of 20 bytes', { miner: new Uint8Array(20) }, { miner: new Uint8Array(19) }),
    shape('a profile of 1,024 bytes', { profile: jsonOf(1024) }, { profile: jsonOf(1025) }),
    shape('a profile that is an object', { profile: null }, { profile: '[]' }),
    shape('a body', {}, { body: null }),
    shape('a signature of 65 bytes', { signature: new Uint8Array(65) }, { signature: new Uint8Array(66) }),
    shape('every member', {}, { powerRoot: undefined }),
    shape('no other member', {}, { stateRoot: null }),
    { limit: 'its last byte', keeps: () => judgeHeaderBytes(bytes), breaks: () => judgeHeaderBytes(bytes.subarray(0, -1)) },
  ],
  'block-network': [saying('its own network', { network: (await TestChain.begin()).network }), saying('not the one of a genesis', { network: '00'.repeat(8) })],
  'unknown-parent': [saying('the root before it', { previousRoot: world.at(9).tip.root }), saying('a root at all', { previousRoot: null })],
  'block-number': [saying('not its parent\'s number', { number: 10 }), saying('one more than its parent', { number: 12 })],
  'block-time': [
    { limit: 'a second later', keeps: async () => await bySecond(1), breaks: async () => await bySecond(0) },
    { limit: 'not before', keeps: async () => await bySecond(1), breaks: async () => await bySecond(-1) },
  ],
  'block-signature': [
    { limit: 'of these words', keeps: async () => await tried(), breaks: async () => await tried({ signed: { profile: '{}' } }) },
    { limit: 'of this body', keeps: async () => await tried(), breaks: async () => await tried({ signed: { body: 'ab'.repeat(32) } }) },
    { limit: 'of its miner', keeps: async () => await tried({ miner: ann }), breaks: async () => await tried({ miner: ann, signed: { miner: ben.address } }) },
    { limit: 'by its miner', keeps: async () => await tried({ miner: ann }), breaks: async () => await tried({ miner: { ...ann, secret: ben.secret } }) },
    { limit: 'v of 0 or 1', keeps: async () => await tried(), breaks: async () => await tried({ signed: { signature: header.signature.with(64, 2) } }) },
  ],
  'power-root': [
    saying('of the epoch before, not of the tip', { powerRoot: world.tip.root }),
    saying('of the epoch before, not of genesis', { powerRoot: world.at(0).tip.root }),
    saying('of its first block', { powerRoot: world.at(5).tip.root }),
    saying('a root at all', { powerRoot: null }),
    { limit: 'genesis before two epochs are over', keeps: async () => await world.at(6).try({}), breaks: async () => await world.at(6).try({ header: { powerRoot: world.at(4).tip.root } }) },
    { limit: 'not genesis afterwards', keeps: async () => await world.at(7).try({ header: { powerRoot: world.at(4).tip.root } }), breaks: async () => await world.at(7).try({ header: { powerRoot: world.at(0).tip.root } }) },
  ],
  'base-target': [saying('not one more', { baseTarget: next.header.baseTarget + 1n }), saying('not one less', { baseTarget: next.header.baseTarget - 1n }), saying('not its parent\'s', { baseTarget: world.tip.header.baseTarget })],
  'generation': [saying('of its parent', { generation: new Uint8Array(32) }), { limit: 'of its miner', keeps: async () => await tried({ miner: ann }), breaks: async () => await tried({ miner: ann, header: { generation: next.header.generation } }) }],
  'difficulty': [
    saying('not one more', { difficulty: next.header.difficulty + 1n }), saying('not one less', { difficulty: next.header.difficulty - 1n }),
    { limit: '64 bits', keeps: async () => await full(0n), breaks: async () => await full(1n) },
  ],
  'too-young': [{ limit: 'a power of 1', keeps: async () => await strict(1n), breaks: async () => await strict(0n) }],
  'block-due': [
    { limit: 'not before its turn', keeps: async () => await after(soon, soon.seconds), breaks: async () => await after(soon, soon.seconds - 1) },
    { limit: 'not after its turn', keeps: async () => await after(soon, soon.seconds), breaks: async () => await after(soon, soon.seconds + 1) },
    { limit: 'not before the rescue', keeps: async () => await after(late, rescue), breaks: async () => await after(late, rescue - 1) },
    { limit: 'any time from the rescue on', keeps: async () => await after(soon, rescue + 12_345), breaks: async () => await after(soon, rescue - 1) },
    { limit: 'a turn after the rescue is as good as another', keeps: async () => await after(late, late.seconds - 1), breaks: async () => await after(late, rescue - 1) },
  ],
} satisfies Cases

/** A block so many seconds after its parent by somebody whose turn that is, if there is one. */
async function bySecond(seconds: number): Promise<Verdict<unknown>> {
  const first = found(turns.filter(turn => turn.seconds === 1))
  return await after(first, seconds)
}
