/** A number that limits something, and why it is that one. */
export interface Limit { readonly value: number, readonly unit: string, readonly reason: string }

export const KiB = 1024
export const MiB = 1024 * KiB
export const GiB = 1024 * MiB
export const second = 1000
export const minute = 60 * second
