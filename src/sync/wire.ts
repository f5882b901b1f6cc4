import { addressField, byteString, cidLink, limits, list, nullable, oneOf, struct, structWith, textString, tuple, u32, uint, type Codec, type Encoded, type OneOf } from '../base/index.ts'
import { header, statement } from '../ledger/index.ts'

/**
 * What peers ask each other about the ledger, and the shapes of the answers: `/holdfast/state/1/<network>`. Nothing is ever said to who did not ask.
 * A root comes as the header of its block and the digest of the state after it, which are what it is the hash of: so it cannot be made up for a header,
 * only claimed for the newest one, until a child names it.
 */
const seconds = u32
const position = struct({ header, state: cidLink })

/** A block and the state after it. */
export type Position = Encoded<typeof position>

/** Slots from the root of the trie down, one hexadecimal digit each. */
const triePath = textString(64)
const bytes = (most: number): Codec<Uint8Array> => byteString(1, most)
const node = bytes(limits.frameBytes)

const questions = {
  /** What you would have the next block be. `have`: the head I tell of. `pool`: how much of your pool I heard already, as your last answer's `next` said. */
  future: struct({ have: cidLink, pool: u32 }),
  /** Statements newer than these, by miner. */
  votes: struct({ have: list(tuple(addressField, seconds), limits.votesAsked) }),
  /** Blocks and states going back from this root, itself first. */
  walk: struct({ root: cidLink, depth: uint(limits.walkDepth, 1) }),
  /** The nodes that prove what this state has under these keys. */
  get: struct({ root: cidLink, keys: list(bytes(limits.provenKeyBytes), limits.provenKeys) }),
  /** Headers, bodies, objects by content id. */
  nodes: struct({ cids: list(cidLink, limits.nodesAsked) }),
  /** The nodes of this state at these paths. */
  below: struct({ root: cidLink, paths: list(triePath, limits.nodesAsked) }),
} as const

const answers = {
  future: struct({
    /** The answerer's clock. */
    time: seconds,
    statement: nullable(statement),
    /** Null: the one you have. */
    head: nullable(position),
    /** Its own next block: signed; or, long before it is due, when that will be; or why there is none: `too-young`, `busy`, `cut-off`, `resting`. */
    own: oneOf({ sealed: header, plan: seconds, none: textString(16) }),
    /** The best next block it knows that waits for its time. */
    best: nullable(header),
    /** What came into its pool since, as it came. `records` is left out where there are none, so that networks without records say what they always said. */
    pool: structWith({ next: u32, transactions: list(bytes(limits.transactionBytes), limits.blockTransactions) }, { records: list(bytes(limits.recordBytes), limits.blockRecords, 1) }),
  }),
  votes: struct({ statements: list(statement, limits.votesAsked) }),
  walk: struct({ blocks: list(position, limits.walkDepth) }),
  get: struct({ nodes: list(node, limits.proofNodes) }),
  /** In the order of the question; null for what is not there. Ends early where the reply would become too large. */
  nodes: struct({ nodes: list(nullable(node), limits.nodesAsked) }),
  below: struct({ nodes: list(nullable(node), limits.nodesAsked) }),
} as const

export type StateKind = keyof typeof questions
export type StateQuestion<K extends StateKind = StateKind> = Encoded<typeof questions[K]>
export type StateAnswer<K extends StateKind = StateKind> = Encoded<typeof answers[K]>

/** A question on the wire: a map with one key that says which. */
export const stateQuestion = oneOf(questions)
export type AnyQuestion = OneOf<typeof questions>

/** The shape of the answer to a question of this kind. */
export const stateAnswers: typeof answers = answers
