import { concat } from '../base/index.ts'
import { AuditPass } from './audit.ts'
import type { RunningCrc32 } from './crc32.ts'
import type { FileFacts } from './reconcile/index.ts'
import { TdfSums, dissemOf, openTdf, type ReadAt } from './tdf/index.ts'
import type { Kind } from './types.ts'

/** Finds out what records say of a file besides its content id, while its bytes pass by: D2 and D3, as far as they can be known without the key. */
export class FactsPass {
  private constructor(private readonly audit: AuditPass, private readonly roots: readonly Uint8Array<ArrayBuffer>[], private readonly tdf: { readonly sums: TdfSums, readonly dissem: readonly string[] } | null, private readonly opens: boolean) {}

  /** `read`: of the file, before its bytes pass by. `crcs`: two fresh ones. */
  static async over(read: ReadAt, size: number, kind: Kind, crcs: readonly RunningCrc32[]): Promise<FactsPass> {
    const roots: Uint8Array<ArrayBuffer>[] = []
    const audit = new AuditPass(size, root => { roots.push(root) })
    if (kind !== 'a' && kind !== 'p') return new FactsPass(audit, roots, null, true)
    const opened = await openTdf(read, size)
    if (!opened.ok) return new FactsPass(audit, roots, null, false)
    const [dissem, fresh] = [dissemOf(opened.value.manifest.policy) ?? [], [...crcs]]
    return new FactsPass(audit, roots, { sums: new TdfSums(opened.value, () => fresh.pop()!), dissem }, true)
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
