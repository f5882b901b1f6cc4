import { serveHash } from '../src/media/block-hash.ts'

serveHash(self)
