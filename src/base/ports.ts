/** Milliseconds since 1970, as the host tells them. */
export interface Clock { now(): number }

/** `length` bytes nobody can guess. */
export interface Random { bytes(length: number): Uint8Array<ArrayBuffer> }
