import type { ExportFormat, UploadKind } from './types.ts'

/** Formats of a stored upload. */
export function storedFormats(kind: UploadKind): readonly ExportFormat[] {
  return kind === 'audio' ? ['flac', 'wav', 'mp3', 'm4a'] : ['copy']
}

/** Formats a file of an archive can be saved in besides its own; none where it is neither music nor a film. */
export function memberFormats(path: string): readonly ExportFormat[] {
  if (/\.(flac|mp3|wav|ogg|oga|opus|m4a|aac|aiff?|wma|caf)$/i.test(path)) return ['copy', 'flac', 'wav', 'mp3', 'm4a']
  return /\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|ogv|wmv|flv|3gp)$/i.test(path) ? ['copy', 'mp4'] : []
}
