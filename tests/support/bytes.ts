import { createCipheriv, createHash } from 'node:crypto'

/** `length` bytes that do not compress, the same for the same `seed`: the key stream of AES-256-CTR. */
export function noise(length: number, seed: string): Buffer {
  return createCipheriv('aes-256-ctr', createHash('sha256').update(seed).digest(), Buffer.alloc(16)).update(Buffer.alloc(length))
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
