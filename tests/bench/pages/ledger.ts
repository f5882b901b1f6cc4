import * as comlink from 'comlink'
import type { LedgerBench } from './ledger.worker.ts'

/* A worker with a ledger in it; what its methods do it says itself. */

const worker = new Worker(new URL('./ledger.worker.ts', import.meta.url), { type: 'module' })
globalThis.ledgerPage = comlink.wrap<LedgerBench>(worker)

declare global { var ledgerPage: comlink.Remote<LedgerBench> }
