import { KiB, MiB, minute, second, type Limit } from './limit.ts'

/** What is in files: archives, recordings and pictures, also of those who mean harm. */
export const fileLimits = {
  // archives (security)
  archiveEntries: { value: 10_000, unit: 'entries', reason: 'listing and saving stay quick; more belongs in several shares' },
  archiveDepth: { value: 16, unit: 'folders', reason: 'deep paths break other systems' },
  archiveNameBytes: { value: 255, unit: 'bytes', reason: 'longest file name most file systems take' },
  archiveHeaderBytes: { value: 64 * KiB, unit: 'bytes', reason: 'of a pax header of a tar; the longest path with a few other records is far shorter' },
  archiveProbeBytes: { value: 64 * KiB, unit: 'bytes', reason: 'how much of a member decides whether it is compressed' },

  // music and films
  mediaChannels: { value: 8, unit: 'channels', reason: 'of a recording: the most FLAC has' },
  mediaSilentMs: { value: 2 * minute, unit: 'ms', reason: 'without a byte read or written before a decoder is taken for stuck; a slow phone needs seconds for what it does between two' },
  mediaLogLines: { value: 200, unit: 'lines', reason: 'of what a decoder says that are kept to tell why it failed; a damaged file makes it say one for each packet' },
  mediaMemoryBytes: { value: 64 * MiB, unit: 'bytes', reason: 'of a recording that is converted to a smaller one in memory; larger ones go straight to the disk' },
  mediaReadBytes: { value: MiB, unit: 'bytes', reason: 'read of a recording at once: a decoder asks for 32 KiB, and each read waits for the browser' },
  mediaTellMs: { value: 250, unit: 'ms', reason: 'between two times that the progress of a conversion is told' },

  // archives while they arrive, and files on their way in and out
  arrivingTellMs: { value: second, unit: 'ms', reason: 'how often the list of an archive that still comes is shown anew' },
  arrivingBytesPerSecond: { value: 16 * MiB, unit: 'bytes/s', reason: 'of an archive that still comes are unpacked and listed at most, so that what lies here already takes a tenth of a processor' },
  exportKeptMs: { value: 60 * minute, unit: 'ms', reason: 'what was converted waits for a person to say where to save it' },
  incomingMs: { value: 24 * 60 * minute, unit: 'ms', reason: 'files the system handed over wait this long for somebody to share them' },

  // hostile input
  unpackRatio: { value: 100, unit: 'times', reason: 'what an archive unpacks to, of its size, before somebody is asked; text packs to a tenth, a trap to a thousandth' },
  unpackFreeBytes: { value: MiB, unit: 'bytes', reason: 'what any archive may unpack to, since small ones of empty files pack to next to nothing' },
  inflateBytes: { value: 32 * KiB, unit: 'bytes', reason: 'given to the browser to unpack at once: it holds all that comes of them, up to a thousand times as much' },
  cborItems: { value: 32_768, unit: 'values', reason: 'in decoded data, keys counted; a million of them, one a byte, would take half a second to read' },
  peersReplyBytes: { value: 64 * KiB, unit: 'bytes', reason: 'that a relay reads of a tab it asks for its record: 50 records of a KiB, not a megabyte from each of a thousand tabs' },
  archiveNamesChars: { value: 4 * MiB, unit: 'characters', reason: 'of all paths of an archive together: the list lies in the database and goes to the page; 10,000 paths of 100 have a quarter of it' },
  pictureMs: { value: minute, unit: 'ms', reason: 'until a picture that nobody gives is said not to come; it goes on being asked for' },
  imageHeadBytes: { value: 16 * MiB, unit: 'bytes', reason: 'of a picture looked at before it is decoded: what cameras write before its size is a few MiB at most' },
  imageSourceBytes: { value: 256 * MiB, unit: 'bytes', reason: 'of a picture before it becomes a PNG: 40 megapixels of 16 bits as they are, which lie in memory' },
  imageBytes: { value: 64 * MiB, unit: 'bytes', reason: 'of a picture that is published, as an upload may name it' },
  imagePixels: { value: 40_000_000, unit: 'pixels', reason: 'of a picture, 160 MB once it is decoded; larger ones take the tab with them on a phone' },
} as const satisfies Record<string, Limit>
