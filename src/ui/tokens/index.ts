import { base } from './base.ts'
import { controls } from './controls.ts'
import { surfaces } from './surfaces.ts'

/** The sheets nearly every element adopts; one object each, shared by all shadow roots. */
export const shared = [base, controls, surfaces]
export { base, controls, surfaces }
