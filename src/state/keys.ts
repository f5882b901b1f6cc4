import { addressField, hexString, list, struct, textString, u32, u40, u64, utf8, type Address, type Cid, type Codec, type Encoded } from '../base/index.ts'
import {
  chainRow, directoryRow, entryCopy, factomHash, openCommits, paidCursor, paidRow, reservation,
  type ChainRow, type DirectoryRow, type EntryCopy, type OpenCommit, type PaidCursor, type PaidRow, type Reservation,
} from './record-rows.ts'
import { account, attachmentLog, boxKey, coinbaseOutput, output, seenCursor, seenRow, type Account, type CoinbaseOutput, type Output, type Visit } from './types.ts'
import {
  access, duty, keeper, keeperNow, uploadName, uploadRow, uploadsOfCid, type AccessRow, type Duty, type Keeper, type KeeperNow, type NamedUpload, type UploadRow,
} from './upload-rows.ts'

/**
 * Every key of the state, spelled here and nowhere else. A key is UTF-8 text; its value one DAG-CBOR item of its own shape. Beside each the seed's
 * name for it. Lists are a counter and a key for each index, as the seed builds them.
 */
export interface StateKey<T> {
  readonly name: string
  readonly codec: Codec<T>
  /** Coins that lie under this key, for the books; left out where none do. */
  coins?(value: T): number
}

/** A list: how many there are, and each of them from 0. */
export interface KeyList<T> { readonly total: StateKey<number>, at(index: number): StateKey<T> }

const listAt = <T>(name: string, codec: Codec<T>): KeyList<T> => ({ total: { name: `${name}/total`, codec: u32 }, at: index => ({ name: `${name}/${index}`, codec }) })

export const keys = {
  /** TminerBalance, and TminerNounce = nonce + mined. */
  account: (address: Address): StateKey<Account> => ({ name: `account/${address}`, codec: account, coins: value => value.balance }),
  /** Tminer..xNonceTXOutputJSON: what its block number `mined` of all its blocks brought it. */
  coinbase: (address: Address, mined: bigint): StateKey<CoinbaseOutput> => ({ name: `account/${address}/mined/${mined}`, codec: coinbaseOutput }),
  /** TminerNounceTXOutputJSON, senderNonceTXOutputJSON. */
  output: (address: Address, nonce: bigint): StateKey<Output> => ({ name: `account/${address}/${nonce}`, codec: output }),
  /** Tminer..xProfile: the person's own JSON. */
  profile: (address: Address): StateKey<string> => ({ name: `account/${address}/profile`, codec: profileText }),
  /** Ta..xNounce1004RelayLog, of a transaction's profile. */
  relays: (address: Address, nonce: bigint): StateKey<readonly string[]> => ({ name: `account/${address}/${nonce}/relays`, codec: relayLog }),
  /** The same of a block's profile. */
  minedRelays: (address: Address, mined: bigint): StateKey<readonly string[]> => ({ name: `account/${address}/mined/${mined}/relays`, codec: relayLog }),
  /** TminerNounceAttachmentsLogJSON: who holds what the miner of that block gave. */
  minedAttachments: (address: Address, mined: bigint): StateKey<readonly Visit[]> => ({ name: `account/${address}/mined/${mined}/attachments`, codec: attachmentLog }),
  /** A receipt that was logged, by the hour it was signed in and its digest: the number of its row. The rows are a queue, and `seen/cursor` says where it begins and ends. */
  seen: (hour: number, hash: string): StateKey<bigint> => ({ name: `seen/${hour}/${hash}`, codec: u64 }),
  seenRow: (row: bigint): StateKey<Encoded<typeof seenRow>> => ({ name: `seen/row/${row}`, codec: seenRow }),
  seenCursor: { name: 'seen/cursor', codec: seenCursor } satisfies StateKey<Encoded<typeof seenCursor>>,
  /** How many accounts ever held power, and the i-th of them from 0: the known miners. */
  minerTotal: { name: 'miner/total', codec: u32 } satisfies StateKey<number>,
  miner: (index: number): StateKey<Address> => ({ name: `miner/${index}`, codec: addressField }),
  /** Fees of the last block, which the next one pays to its miner: the seed's coinbase amount. */
  fees: { name: 'fees', codec: u40, coins: value => value } as StateKey<number>,
  /** X25519 key an account wants envelopes sealed to. */
  box: (address: Address): StateKey<string> => ({ name: `box/${address}`, codec: boxKey }),
  /** Coins of a Factoid address, by the hash of its RCD in hex. */
  factoid: (rcdHash: string): StateKey<number> => ({ name: `factoid/${rcdHash}`, codec: u40, coins: value => value }),

  /** All uploads there are, in no order. Mojave's `uploads/`. */
  uploads: listAt('upload', uploadName),
  uploadsOf: (cid: Cid): StateKey<{ readonly count: number, readonly first: Address }> => ({ name: `upload/${cid}`, codec: uploadsOfCid }),
  upload: (cid: Cid, owner: Address): StateKey<UploadRow> => ({ name: `upload/${cid}/${owner}`, codec: uploadRow }),
  /** Where the next block looks for uploads that are over. */
  uploadCursor: { name: 'upload/cursor', codec: u32 } satisfies StateKey<number>,
  /** Content ids of an owner's uploads. */
  by: (owner: Address): KeyList<Cid> => listAt(`by/${owner}`, hexString(32)),
  /** Uploads whose key somebody gives out in the owner's stead. */
  holds: (holder: Address): KeyList<NamedUpload> => listAt(`holds/${holder}`, uploadName),
  /** Coins for the keepers of an upload. */
  escrow: (cid: Cid, owner: Address): StateKey<number> => ({ name: `escrow/${cid}/${owner}`, codec: u40, coins: value => value }),
  /** Members of its list, and who bought it. */
  access: (cid: Cid, owner: Address, who: Address): StateKey<AccessRow> => ({
    name: `access/${cid}/${owner}/${who}`, codec: access, coins: ({ purchase }) => purchase === null || purchase.settled ? 0 : purchase.price,
  }),

  keepers: listAt('keeper', addressField),
  keeper: (address: Address): StateKey<Keeper> => ({ name: `keeper/${address}`, codec: keeper, coins: value => value.bond }),
  /** The period that runs for a keeper; none before it is settled first, nor when its duties are void. */
  keeperNow: (address: Address): StateKey<KeeperNow> => ({ name: `keeper/${address}/now`, codec: keeperNow }),
  /** Coins nobody has any more: parts of bonds. */
  burned: { name: 'burned', codec: u40, coins: value => value } as StateKey<number>,
  /** What a keeper has accepted, from 0 to its `count`. */
  duty: (address: Address, index: number): StateKey<NamedUpload> => ({ name: `keeper/${address}/${index}`, codec: uploadName }),
  kept: (cid: Cid, owner: Address, by: Address): StateKey<Duty> => ({ name: `upload/${cid}/${owner}/kept/${by}`, codec: duty }),

  /** Entry credits of a key: no coins any more. */
  credit: (publicKey: string): StateKey<number> => ({ name: `credit/${publicKey}`, codec: u40 }),
  /** Open commits with so many credits, oldest first: 1 to 10 of an entry by its hash, 11 to 20 of a chain by the hash of its ChainID. */
  commits: (of: string, credits: number): StateKey<readonly OpenCommit[]> => ({ name: `commit/${of}/${credits}`, codec: openCommits }),
  /** All chains there are, by ChainID, in the order they began. */
  chains: listAt('chain', factomHash),
  chain: (id: string): StateKey<ChainRow> => ({ name: `chain/${id}`, codec: chainRow }),
  /** Hash of an entry of a chain, by its index from 0. */
  chainEntry: (id: string, index: number): StateKey<string> => ({ name: `chain/${id}/${index}`, codec: factomHash }),
  /** The chain that is there, by the hash of its ChainID. */
  chainOf: (idHash: string): StateKey<string> => ({ name: `chain/of/${idHash}`, codec: factomHash }),
  reserved: (idHash: string): StateKey<Reservation> => ({ name: `chain/reserved/${idHash}`, codec: reservation }),
  /** Copies of an entry there are, and the i-th of them from 0. */
  entry: (hash: string): StateKey<{ readonly count: number }> => ({ name: `entry/${hash}`, codec: entryCount }),
  entryCopy: (hash: string, index: number): StateKey<EntryCopy> => ({ name: `entry/${hash}/${index}`, codec: entryCopy }),
  directory: { name: 'directory', codec: directoryRow } satisfies StateKey<DirectoryRow>,
  /** The number of the block that has a payment, while the payment could be made again. */
  paid: (paid: string): StateKey<number> => ({ name: `paid/${paid}`, codec: u32 }),
  /** Payments that cannot be made again after an hour, counted from 1970, and the i-th of them. */
  paidCount: (hour: number): StateKey<number> => ({ name: `paid/${hour}/count`, codec: u32 }),
  paidRow: (hour: number, index: number): StateKey<PaidRow> => ({ name: `paid/${hour}/${index}`, codec: paidRow }),
  paidCursor: { name: 'paid/cursor', codec: paidCursor } satisfies StateKey<PaidCursor>,
} as const

const profileText = textString(1024)
const entryCount = struct({ count: u32 })
/** Relay addresses of a profile; `relayLogOf` says which. */
const relayLog = list(textString(256), 8)

export function keyBytes({ name }: StateKey<unknown>): Uint8Array<ArrayBuffer> { return utf8(name) }
