import { accept, limits, reject, utf8, type ErrorCode, type Judged } from '../base/index.ts'

/** Why an archive, or one path in it, is refused. */
export interface Refusal { readonly code: ErrorCode, readonly reason: string, readonly paths: readonly string[] }

/** What is in a folder by folded name: folders, and of files the path of the first that was folded so. */
type Folder = Map<string, Folder | string>

/**
 * Characters a name of `archiveNameBytes` can have before it is normalised, where three at most become one of two bytes (U+0390). Longer ones are
 * refused unlooked at: marks in the wrong order take the square of their number to be put in order, a second for 30,000.
 */
const mostRawChars = limits.archiveNameBytes * 1.5

/**
 * The names in one archive, which must unpack alike everywhere: no path leaves its folder, none is too deep or too long, and no two
 * are one where capital letters do not count or names are normalised (macOS, Windows). Names that are only odd are taken: spaces, quotes,
 * emoji, leading dots, right-to-left text, control characters other than NUL (a Mac's `Icon\r`), `CON`, and backslashes unless Windows, where they
 * separate folders, would leave the folder by them. Saving one file gives it a name fit for the system (`safeFileName`).
 */
export class ArchiveTree {
  private readonly root: Folder = new Map()
  private chars = 0

  /** Takes in a file; the value is its path in NFC. */
  addFile(path: string): Judged<string> {
    return this.add(path, false)
  }

  /** Takes in a folder that an archive names by itself. */
  addFolder(path: string): Judged<string> {
    return this.add(path, true)
  }

  private add(path: string, folder: boolean): Judged<string> {
    const fault = faultOf(path)
    if (fault !== null) return fault
    this.chars += path.length
    if (this.chars > limits.archiveNamesChars) return reject('archive-name', `more than ${limits.archiveNamesChars} characters of names`)
    const names = path.split(/[/\\]/).map(fold)
    const last = folder ? undefined : names.pop()
    let at = this.root
    for (const name of names) {
      const next = at.get(name) ?? new Map<string, Folder | string>()
      if (typeof next === 'string') return reject('archive-collision', `${quote(next)} would be a file and a folder on some systems`)
      at.set(name, next)
      at = next
    }
    if (last !== undefined) {
      const other = at.get(last)
      if (other instanceof Map) return reject('archive-collision', 'it would be a file and a folder on some systems')
      if (other !== undefined) return reject('archive-collision', `${quote(other)} would have the same name on some systems`)
      at.set(last, path)
    }
    return accept(path.normalize('NFC'))
  }
}

/** What is wrong with a path by itself. */
function faultOf(path: string): ReturnType<typeof reject> | null {
  if (!path.isWellFormed() || path.includes('\0')) return reject('archive-name', 'a name is not text')
  if (/^[/\\]|^[a-z]:[/\\]/i.test(path)) return reject('archive-name', 'an absolute path')
  const names = path.split('/')
  if (names.some(name => name === '' || name === '.' || name === '..') || path.split(/[/\\]/).includes('..')) return reject('archive-name', 'a path that leads elsewhere')
  if (path.split(/[/\\]/).length - 1 > limits.archiveDepth) return reject('archive-depth', `more than ${limits.archiveDepth} folders deep`) // backslashes make folders on Windows
  if (names.some(name => name.length > mostRawChars || utf8(name.normalize('NFC')).length > limits.archiveNameBytes)) return reject('archive-name', `a name longer than ${limits.archiveNameBytes} bytes`)
  return null
}

/** Upper case first, so that ß and ss, and both small sigmas, fold to one. */
export function fold(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

function quote(path: string): string {
  return JSON.stringify(path.length > 80 ? `…${path.slice(-80)}` : path)
}
