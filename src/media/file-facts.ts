import { createCRC32 } from 'hash-wasm'
import { AuditPass, TdfSums, dissemOf, openTdf, type FileFacts, type Kind } from '../content/index.ts'
import type { StoredFile } from '../store/index.ts'
import { crcOf } from './block-hash.ts'
import { blobSource } from './byte-source.ts'

/** Finds out what records say of a file besides its content id, while its bytes pass by: D2 and D3, as far as they can be known without the key. */
export class FactsPass {
  private constructor(private readonly audit: AuditPass, private readonly tdf: { readonly sums: TdfSums, readonly dissem: readonly string[] } | null, private readonly opens: boolean) {}

  static async over(file: StoredFile, kind: Kind): Promise<FactsPass> {
    const audit = new AuditPass(file.size)
    if (kind !== 'a' && kind !== 'p') return new FactsPass(audit, null, true)
    const source = blobSource(file)
    const opened = await openTdf(async (at, length) => await source.read(at, length), file.size)
    if (!opened.ok) return new FactsPass(audit, null, false)
    const dissem = dissemOf(opened.value.manifest.policy) ?? []
    const crcs = [await createCRC32(), await createCRC32()].map(crcOf)
    return new FactsPass(audit, { sums: new TdfSums(opened.value, () => crcs.pop()!), dissem }, true)
  }

  push(chunk: Uint8Array): void {
    this.audit.push(chunk)
    this.tdf?.sums.push(chunk)
  }

  end(): FileFacts {
    return { audit: this.audit.root(), dissem: this.tdf?.dissem ?? null, sound: this.opens && this.tdf?.sums.end() !== false }
  }
}
