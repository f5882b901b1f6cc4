export type { KeyService, NewFileKey } from './service.ts'
