import { AuditPass } from './audit.ts'
import type { RunningCrc32 } from './crc32.ts'
import type { FileFacts } from './reconcile/index.ts'
import { TdfSums, dissemOf, openTdf, type ReadAt } from './tdf/index.ts'
import type { Kind } from './types.ts'

/** Finds out what records say of a file besides its content id, while its bytes pass by: D2 and D3, as far as they can be known without the key. */
export class FactsPass {
  private constructor(private readonly audit: AuditPass, private readonly tdf: { readonly sums: TdfSums, readonly dissem: readonly string[] } | null, private readonly opens: boolean) {}

  /** `read`: of the file, before its bytes pass by. `crcs`: two fresh ones. */
  static async over(read: ReadAt, size: number, kind: Kind, crcs: readonly RunningCrc32[]): Promise<FactsPass> {
    const audit = new AuditPass(size)
    if (kind !== 'a' && kind !== 'p') return new FactsPass(audit, null, true)
    const opened = await openTdf(read, size)
    if (!opened.ok) return new FactsPass(audit, null, false)
    const [dissem, fresh] = [dissemOf(opened.value.manifest.policy) ?? [], [...crcs]]
    return new FactsPass(audit, { sums: new TdfSums(opened.value, () => fresh.pop()!), dissem }, true)
  }

  push(chunk: Uint8Array): void {
    this.audit.push(chunk)
    this.tdf?.sums.push(chunk)
  }

  end(): FileFacts {
    return { audit: this.audit.root(), dissem: this.tdf?.dissem ?? null, sound: this.opens && this.tdf?.sums.end() !== false }
  }
}
