type Word = string | number

/**
 * All that a finding says, each with the words that stand in it: hashes, numbers, names of parts, and of what cannot be read the reason. English here, for whoever reads it on a terminal;
 * pages have a catalogue of their own, by the same codes.
 */
export const english = {
  'receipt': () => 'A receipt of Holdfast, version 1.',
  'no-receipt': (why) => `No receipt of Holdfast: ${why}.`,
  'no-proof': () => 'The receipt has no proof under a state root.',
  'nothing-holds': () => 'What is claimed does not hold, so that no root stands for it.',
  'no-entry-bytes': (why) => `The bytes are no entry: ${why}.`,
  'entry-hash': (size, hash) => `The Entry Hash of the ${size} bytes is ${hash}.`,
  'other-chain': (found, said) => `The entry belongs to chain ${found}, not ${said}.`,
  'begins-other': (chain) => `It is said to begin chain ${chain}, and its ExtIDs name another.`,
  'begins': (chain) => `It begins chain ${chain}, which its ExtIDs name.`,
  'belongs': (chain) => `It belongs to chain ${chain}.`,
  'proof-of-other': (index, chain) => `The proof is not of entry ${index} of chain ${chain}.`,
  'proof-of-strange': () => 'The proof is of keys that say nothing of the entry.',
  'proof-false': (state, why) => `The proof does not hold under state ${state}: ${why}.`,
  'proof-no-entry': (state, index, chain, hash) => `Under state ${state}, entry ${index} of chain ${chain} is not there, and not ${hash}.`,
  'proof-other-entry': (state, index, chain, found, hash) => `Under state ${state}, entry ${index} of chain ${chain} is ${found}, not ${hash}.`,
  'proved': (state, index, chain, hash) => `Under state ${state}, entry ${index} of chain ${chain} is ${hash}.`,
  'no-header': (blocks) => `What stands ${blocks} blocks after the proof is no header.`,
  'header-network': (number, found, said) => `Block ${number} is of network ${found}, not ${said}.`,
  'header-parent': (number, root) => `Block ${number} does not go on from root ${root}.`,
  'block': (number, network, when, root) => `That is the state after block ${number} of network ${network}, of ${when} UTC, root ${root}.`,
  'block-on': (number, network, when, root, last) => `That is the state after block ${number} of network ${network}, of ${when} UTC, root ${root}; headers lead on from it to block ${last}.`,
  'no-blocks': () => 'The receipt has no Entry Block and Directory Block.',
  'no-entry-block': (why) => `No Entry Block: ${why}.`,
  'entry-block-without': (block) => `Entry Block ${block} does not have the entry.`,
  'state-entry-block': (found, said) => `In the state, the last Entry Block of the chain is ${found}, not ${said}.`,
  'entry-block-has': (block) => `Entry Block ${block} has the entry.`,
  'state-directory-block': (found, said) => `In the state, the last Directory Block is ${found}, not ${said}.`,
  'entry-block-in': (sequence, block) => `Entry Block ${sequence} of the chain, ${block}, has the entry.`,
  'entry-block-loose': (sequence, block) => `Entry Block ${sequence} of the chain, ${block}, has the entry; whether the network has that block, nothing here shows.`,
  'directory-block-in': (height, block) => `Directory Block ${height}, ${block}, names that Entry Block, and the branch leads there.`,
  'directory-block-loose': (height, block) => `Directory Block ${height}, ${block}, names that Entry Block, and the branch leads there; whether the network has that block, nothing here shows.`,
  'no-directory-block': (why) => `No Directory Block: ${why}.`,
  'directory-block-without': (block, entryBlock) => `Directory Block ${block} does not name Entry Block ${entryBlock}.`,
  'branch-false': (block, why) => `The branch from the entry to Directory Block ${block} does not hold: ${why}.`,
  'state-root-trusted': (root) => `The state root ${root} is one that you trust.`,
  'directory-trusted': (root) => `The Directory Block ${root} is one that you trust.`,
  'state-root-open': (root) => `All this is worth as much as the state root ${root}: compare it with one that you trust.`,
  'directory-open': (root) => `All this is worth as much as the Directory Block ${root}: compare it with one that you trust.`,
  'state-root-strange': (root) => `The state root ${root} is none that you trust.`,
  'directory-strange': (root) => `The Directory Block ${root} is none that you trust.`,
  'is': (what, found) => `${what} is ${found}.`,
  'is-not': (what, found, said) => `${what} is ${found}, not ${said}.`,
  'no-factom-receipt': (why) => `No receipt of Factom: ${why}.`,
  'factom-receipt': () => 'A receipt of Factom.',
  'factom-receipt-false': (why) => `The receipt does not hold: ${why}.`,
  'entry-away': (hash) => `It is about the entry with the hash ${hash}, whose bytes it does not have.`,
  'entry-hash-alone': (hash) => `The Entry Hash of the bytes is ${hash}.`,
  'bytes-no-entry': () => 'Its bytes are no entry.',
  'directory-names': (chain) => `Its Directory Block names chain ${chain}.`,
  'leads-to': (block) => `It leads to Entry Block ${block}.`,
  'named-by': (block) => `That is named by Directory Block ${block}.`,
  'entry-no-hex': () => 'No entry: its ChainID, ExtIDs or content are not hex.',
  'no-entry': (why) => `No entry: ${why}.`,
  'no-hex': (name) => `"${name}" is no hex.`,
  'bytes-are': (name, why) => `The bytes of "${name}" are ${why}.`,
  'entry': (size) => `An entry of ${size} bytes.`,
  'its-hash': (hash) => `Its Entry Hash is ${hash}.`,
  'may-begin': (chain) => `It may begin chain ${chain}, which its ExtIDs name.`,
  'goes-on': (chain) => `It is for chain ${chain}, and does not begin it.`,
  'empty-extids': () => 'It has ExtIDs of no bytes, which Factom took once and Holdfast does not.',
  'commit': (credits, payer, entry) => `A commit of ${credits} entry credits, signed by ${payer}, for the entry ${entry}.`,
  'factoid': (inputs) => `A factoid transaction, signed by all of its ${inputs} inputs.`,
  'entry-block': (sequence, chain, block) => `Entry Block ${sequence} of chain ${chain}, ${block}: its body is the one of its header.`,
  'directory-block': (height, block) => `Directory Block ${height}, ${block}: its body is the one of its header.`,
  'admin-block': (names) => `An admin block, ${names}: its body is the one of its header.`,
  'credit-block': (names) => `An entry credit block, ${names}: its body is the one of its header.`,
  'factoid-block': (names) => `A factoid block, ${names}: its body is the one of its header.`,
  'not-listed': (hash) => `No Entry Block of its chain that is here has entry ${hash}.`,
  'listed': (hash, block) => `Entry ${hash} is in Entry Block ${block}.`,
  'before-keymr': (sequence, chain, found) => `KeyMR of the block before Entry Block ${sequence} of chain ${chain} is ${found}.`,
  'before-keymr-not': (sequence, chain, found, said) => `KeyMR of the block before Entry Block ${sequence} of chain ${chain} is ${found}, not ${said}.`,
  'before-hash': (sequence, chain, found) => `Full Hash of the block before Entry Block ${sequence} of chain ${chain} is ${found}.`,
  'before-hash-not': (sequence, chain, found, said) => `Full Hash of the block before Entry Block ${sequence} of chain ${chain} is ${found}, not ${said}.`,
  'named-keymr': (chain, height, found) => `KeyMR of chain ${chain} in Directory Block ${height} is ${found}.`,
  'named-keymr-not': (chain, height, found, said) => `KeyMR of chain ${chain} in Directory Block ${height} is ${found}, not ${said}.`,
  'entry-chain': (found) => `The chain of the entry is ${found}.`,
  'entry-chain-not': (found, said) => `The chain of the entry is ${found}, not ${said}.`,
  'committed': (hash) => `The commit is for entry ${hash}, which is here.`,
  'committed-away': (hash) => `The commit is for entry ${hash}, which is not here.`,
} satisfies Readonly<Record<string, (...words: Word[]) => string>>

export type SayingCode = keyof typeof english

/** One of them: its code, and the words that stand in it, in the order of the sentence's own. */
export interface Saying { readonly code: SayingCode, readonly words: readonly string[] }

export function say<Code extends SayingCode>(code: Code, ...words: Parameters<typeof english[Code]>): Saying { return { code, words: words.map(String) } }

const byCode: Readonly<Record<SayingCode, (...words: readonly Word[]) => string>> = english

export function inEnglish({ code, words }: Saying): string { return byCode[code](...words) }
