import { HoldfastError, compareBytes, limits, utf8 } from '../base/index.ts'

/**
 * The names between the slashes of a path of Staging or a key of a bucket; `bad-input` for anything that some driver could not
 * hold or would read as another path: empty names, `.` and `..`, a slash at either end, backslashes, control characters, lone
 * surrogates, names above 255 bytes, more than `limits.storedPathBytes` in all.
 */
export function splitPath(path: string): readonly string[] {
  const names = path.split('/')
  if (utf8(path).length > limits.storedPathBytes || path !== path.toWellFormed() || !names.every(isName)) {
    throw new HoldfastError('bad-input', 'not a path of the store', { path: path.toWellFormed().slice(0, 100) })
  }
  return names
}

/** Every folder a path lies in, the outermost first. */
export function foldersOf(path: string): readonly string[] {
  const names = path.split('/')
  return names.slice(1).map((_, i) => names.slice(0, i + 1).join('/'))
}

function isName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  return name !== '' && name !== '.' && name !== '..' && !/[\\\u0000-\u001f\u007f]/.test(name) && utf8(name).length <= 255
}

/** By the bytes of their UTF-8, which is not the order of JavaScript's `sort` above U+FFFF. */
export function comparePaths(a: string, b: string): number {
  return compareBytes(utf8(a), utf8(b))
}

/** Refuses an offset, length or size that is not a whole number from 0 to 2^53 - 1. */
export function checkCount(name: string, count: number): void {
  if (!Number.isSafeInteger(count) || count < 0) throw new HoldfastError('bad-input', `${name} is no count of bytes`, { [name]: count })
}

const contentTypes: ReadonlyMap<string, string> = new Map([['png', 'image/png'], ['tgz', 'application/gzip'], ['flac', 'audio/flac']])

/** What a stored file is for HTTP, by its extension alone; a container (`.tdf`) is only bytes to whoever has no key. */
export function contentTypeOf(key: string): string {
  return contentTypes.get(/\.([^./]+)$/.exec(key)?.[1] ?? '') ?? 'application/octet-stream'
}
