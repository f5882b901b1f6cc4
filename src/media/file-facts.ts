import { createCRC32 } from 'hash-wasm'
import { AuditPass, TdfSums, dissemOf, openTdf, type FileFacts, type Kind } from '../content/index.ts'
import type { StoredFile } from '../store/index.ts'
import { concat } from '../base/index.ts'
import { crcOf } from './block-hash.ts'
import { blobSource } from './byte-source.ts'

/** Finds out what records say of a file besides its content id, while its bytes pass by: D2 and D3, as far as they can be known without the key. */
export class FactsPass {
  private constructor(private readonly audit: AuditPass, private readonly roots: readonly Uint8Array<ArrayBuffer>[], private readonly tdf: { readonly sums: TdfSums, readonly dissem: readonly string[] } | null, private readonly opens: boolean) {}

  static async over(file: StoredFile, kind: Kind): Promise<FactsPass> {
    const roots: Uint8Array<ArrayBuffer>[] = []
    const audit = new AuditPass(file.size, root => { roots.push(root) })
    if (kind !== 'a' && kind !== 'p') return new FactsPass(audit, roots, null, true)
    const source = blobSource(file)
    const opened = await openTdf(async (at, length) => await source.read(at, length), file.size)
    if (!opened.ok) return new FactsPass(audit, roots, null, false)
    const dissem = dissemOf(opened.value.manifest.policy) ?? []
    const crcs = [await createCRC32(), await createCRC32()].map(crcOf)
    return new FactsPass(audit, roots, { sums: new TdfSums(opened.value, () => crcs.pop()!), dissem }, true)
  }

  push(chunk: Uint8Array): void {
    this.audit.push(chunk)
    this.tdf?.sums.push(chunk)
  }

  end(): FileFacts {
    const audit = this.audit.root() // which tells the last of the roots
    return { audit, dissem: this.tdf?.dissem ?? null, sound: this.opens && this.tdf?.sums.end() !== false, roots: concat(...this.roots) }
  }
}
