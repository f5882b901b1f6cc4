import { workerData } from 'node:worker_threads'
import { targets } from './targets/index.ts'
import { work, type Task } from './work.ts'

await work(targets, workerData as Task)
