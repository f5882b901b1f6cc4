import { memBucket, memStaging } from '../../src/store/index.ts'
import { stagingSuite } from './staging.ts'

stagingSuite('mem', async () => ({ staging: memStaging(), bucket: memBucket(), other: memBucket(), end: async () => undefined }))
