import type { Cid } from '../base/index.ts'
import type { ContentRow } from '../store/index.ts'
import type { CheckRequest, CheckResult } from './network-api.ts'

/** Compares files with their content ids, and knows which of them are being read for it. */
export class ContentChecks {
  private readonly running = new Set<Cid>()

  constructor(private readonly check: (request: CheckRequest) => Promise<CheckResult>, private readonly changed: (cid: Cid) => void) {}

  has(cid: Cid): boolean {
    return this.running.has(cid)
  }

  /** A download that is whole, before it is placed. */
  async staged({ cid, kind, size, sealed }: ContentRow, path: string): Promise<CheckResult> {
    return await this.run({ path, cid, kind, size, sealed })
  }

  /** A file that was placed; `anyRatio` looks into one however much it unpacks to. */
  async placed({ cid, kind, path, size, sealed }: ContentRow, anyRatio: boolean): Promise<CheckResult> {
    return await this.run({ path, cid, kind, size, sealed, placed: true, anyRatio })
  }

  private async run(request: CheckRequest): Promise<CheckResult> {
    this.running.add(request.cid)
    this.changed(request.cid)
    try { return await this.check(request) } finally {
      this.running.delete(request.cid)
      this.changed(request.cid)
    }
  }
}
