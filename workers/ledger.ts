import { createLedgerService } from '../src/peer/ledger-service.ts'
import { exposeLiving } from '../src/peer/worker-life.ts'
import { ledgerWorkerLock } from '../src/peer/worker-locks.ts'

exposeLiving(createLedgerService(), ledgerWorkerLock)
