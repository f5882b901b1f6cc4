/** Packages that WebTorrent brings, here as oracles: what they have of what the tests use. */
declare module 'bencode' {
  const bencode: { encode(value: unknown): Uint8Array, decode(bytes: Uint8Array): unknown }
  export default bencode
}
declare module 'create-torrent' {
  export default function createTorrent(input: Blob, options: { name: string, pieceLength: number, announceList?: string[][] }, done: (error: Error | null, torrent: Uint8Array) => void): void
}
declare module 'parse-torrent' {
  interface Parsed { infoHash: string, name: string, length: number, pieceLength: number, pieces: string[], announce: string[], infoBuffer: Uint8Array }
  export default function parseTorrent(torrent: Uint8Array | string): Promise<Parsed>
}
