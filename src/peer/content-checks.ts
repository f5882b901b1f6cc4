import { HoldfastError, type Cid } from '../base/index.ts'
import type { ContentRow } from '../store/index.ts'
import type { CheckRequest, CheckResult } from './network-api.ts'

/** Compares files with their content ids, and knows which of them are being read for it. */
export class ContentChecks {
  private readonly running = new Set<Cid>()

  constructor(private readonly check: (request: CheckRequest) => Promise<CheckResult>, private readonly changed: (cid: Cid) => void) {}

  has(cid: Cid): boolean {
    return this.running.has(cid)
  }

  /** A download that is whole, before it is placed. `facts`: somebody has to know what records say of it, too. */
  async staged({ cid, kind, size, sealed }: ContentRow, path: string, facts: boolean): Promise<CheckResult> {
    return await this.run({ path, cid, kind, size, sealed, facts })
  }

  /** A file that was placed, for the same. */
  async facts({ cid, kind, path, size }: ContentRow): Promise<CheckResult> {
    return await this.run({ path, cid, kind, size, sealed: null, placed: true, facts: true })
  }

  /** A file that was placed, its bytes alone. */
  async bytes({ cid, kind, path, size }: ContentRow): Promise<CheckResult> {
    return await this.run({ path, cid, kind, size, sealed: null, placed: true, bytes: true })
  }

  /** A file that was placed; `anyRatio` looks into one however much it unpacks to. */
  async placed({ cid, kind, path, size, sealed }: ContentRow, anyRatio: boolean): Promise<CheckResult> {
    return await this.run({ path, cid, kind, size, sealed, placed: true, anyRatio })
  }

  private async run(request: CheckRequest): Promise<CheckResult> {
    this.running.add(request.cid)
    this.changed(request.cid)
    try { return await this.read(request) } finally {
      this.running.delete(request.cid)
      this.changed(request.cid)
    }
  }

  private async read(request: CheckRequest): Promise<CheckResult> {
    try { return await this.check(request) } catch (error) {
      if (request.placed !== true || HoldfastError.from(error).code !== 'not-found') throw error
      return await this.check(request) // it may have moved to another store while it was read
    }
  }
}
