export { indexOf, packOf, packedNodes, placeOf, readPacked, writePack, type PackedNode } from './pack.ts'
export { ledgerShape, placesPerPack, type Change, type Commit, type HamtShape, type NodeRef, type NodeStore, type Pack, type Place, type StoredNode } from './types.ts'
