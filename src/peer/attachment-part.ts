import { HoldfastError, accept, decode, reject, type Address, type Clock, type Judged } from '../base/index.ts'
import { encodeReceipt, judgeReceiptBytes } from '../ledger/index.ts'
import { account, attachmentLog, keys, type Visit } from '../state/index.ts'
import type { AttachmentName } from './attachment-name.ts'
import type { DeskPart, DeskParts } from './desk-parts.ts'
import type { LedgerEnd, NetworkEnd } from './ledger-line.ts'
import type { ReceiptWords } from './receipt-desk.ts'
import { parseThreadName } from './thread-name.ts'

/** How many of a person's newest blocks are looked through, and of how many people. */
const blocksOfOne = 48
const peopleMost = 16
/** Between two looks whether somebody has receipts for us. */
const collectMs = 5000

export interface AttachmentLine {
  serve(handlers: Pick<LedgerEnd, 'receipt' | 'visitors'> | null): void
  readonly receipts: NetworkEnd['receipts']
}

/** What the ledger has to do with attachments: receipts of this device's visitors go into its next block, its person signs those for others, and logs say who holds what. */
export class AttachmentPart implements DeskPart {
  #collecting = false
  #collectAt = 0

  constructor(private readonly parts: Pick<DeskParts, 'ledger' | 'sync' | 'network' | 'keys' | 'identity'>, private readonly line: AttachmentLine, private readonly clock: Clock) {
    line.serve({ receipt: async words => await this.#sign(words), visitors: async name => await this.#visitors(name) })
  }

  onHead(): void { void this.#collect() }
  onStatus(): void { void this.#collect() }
  close(): void { this.line.serve(null) }

  async #sign(words: ReceiptWords): Promise<Judged<Uint8Array>> {
    const identity = this.parts.identity()
    if (identity === null || identity.locked || identity.address === words.server) return reject('not-found', 'nobody here who could sign it')
    const unsigned = { ...words, visitor: identity.address }
    try { return accept(encodeReceipt({ ...unsigned, signature: await this.parts.keys.sign('receipt', this.parts.network, unsigned) })) } catch (error) {
      return reject(HoldfastError.from(error).code, 'it could not be signed')
    }
  }

  /** Receipts for the next own block, where one is due. */
  async #collect(): Promise<void> {
    const { ledger, sync, network, identity } = this.parts
    const own = identity()
    const now = this.clock.now()
    if (this.#collecting || own === null || own.locked || sync.status.due === null || now < this.#collectAt) return
    this.#collecting = true
    this.#collectAt = now + collectMs
    try {
      const { mined } = await ledger.account(own.address)
      for (const bytes of await this.line.receipts({ server: own.address, serverNonce: mined + 1n, time: Math.floor(now / 1000) })) {
        const judged = judgeReceiptBytes(bytes, network, ledger.signatures)
        if (judged.ok && judged.value.server === own.address) sync.log(judged.value)
      }
    } catch {} finally { this.#collecting = false } // the other worker is gone: asked again when it is there
  }

  /** The author, those its blocks say got it, and those they gave it to. */
  async #visitors({ root, from }: AttachmentName): Promise<readonly Address[]> {
    const author = parseThreadName(from)?.address
    const found = new Set<Address>(author === undefined ? [] : [author])
    for (const person of found) {
      if (found.size >= peopleMost) break
      for (const { visitor, attachment } of await this.#logsOf(person)) if (attachment === root && found.size < peopleMost) found.add(visitor)
    }
    return [...found]
  }

  async #logsOf(person: Address): Promise<readonly Visit[]> {
    const [row = null] = (await this.parts.sync.read([keys.account(person).name]))?.values ?? []
    const known = row === null ? null : decode(account, row)
    const mined = known?.ok === true ? known.value.mined : 0n
    const names = Array.from({ length: Math.min(blocksOfOne, Number(mined)) }, (_, i) => keys.minedAttachments(person, mined - BigInt(i)).name)
    const found = names.length === 0 ? null : await this.parts.sync.read(names)
    return (found?.values ?? []).flatMap(bytes => {
      const judged = bytes === null ? null : decode(attachmentLog, bytes)
      return judged?.ok === true ? judged.value : []
    })
  }}
