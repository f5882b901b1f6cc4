import { addressField, list, textString, u32, u40, utf8, type Address, type Codec } from '../base/index.ts'
import { account, boxKey, coinbaseOutput, output, type Account, type CoinbaseOutput, type Output } from './types.ts'

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
  /** How many accounts ever held power, and the i-th of them from 0: the known miners. */
  minerTotal: { name: 'miner/total', codec: u32 } satisfies StateKey<number>,
  miner: (index: number): StateKey<Address> => ({ name: `miner/${index}`, codec: addressField }),
  /** Fees of the last block, which the next one pays to its miner: the seed's coinbase amount. */
  fees: { name: 'fees', codec: u40, coins: value => value } as StateKey<number>,
  /** X25519 key an account wants envelopes sealed to. */
  box: (address: Address): StateKey<string> => ({ name: `box/${address}`, codec: boxKey }),
  /** Coins of a Factoid address, by the hash of its RCD in hex. */
  factoid: (rcdHash: string): StateKey<number> => ({ name: `factoid/${rcdHash}`, codec: u40, coins: value => value }),
} as const

const profileText = textString(1024)
/** Relay addresses of a profile; `relayLogOf` says which. */
const relayLog = list(textString(256), 8)

export function keyBytes({ name }: StateKey<unknown>): Uint8Array<ArrayBuffer> { return utf8(name) }
