import { serveHash } from '../src/media/index.ts'

serveHash(self)
