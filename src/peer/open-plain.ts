export { openArchive as openPlain } from '../media/index.ts'
