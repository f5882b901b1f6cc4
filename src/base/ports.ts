/** Milliseconds since 1970, as the host tells them. */
export interface Clock { now(): number }

/** A clock that one can wait by. */
export interface Alarm extends Clock {
  /** Resolves after so many milliseconds, or as soon as `signal` aborts: whoever waits looks which. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** `length` bytes nobody can guess. */
export interface Random { bytes(length: number): Uint8Array<ArrayBuffer> }
