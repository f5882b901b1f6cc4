import { accept, limits, reject, utf8, type ErrorCode, type Judged } from '../base/index.ts'

/** Why an archive, or one path in it, is refused. */
export interface Refusal { readonly code: ErrorCode, readonly reason: string, readonly paths: readonly string[] }

/**
 * The names in one archive, which must unpack alike everywhere: no path leaves its folder, none is too deep or too long, and no two
 * are one where capital letters do not count or names are normalised (macOS, Windows). Names that are only odd are taken: spaces, quotes,
 * emoji, leading dots, right-to-left text, control characters other than NUL (a Mac's `Icon\r`), `CON`, and backslashes unless Windows, where they
 * separate folders, would leave the folder by them. Saving one file gives it a name fit for the system (`safeFileName`).
 */
export class ArchiveTree {
  /** Folded paths, and the first that was folded so. */
  private readonly files = new Map<string, string>()
  private readonly folders = new Set<string>()

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
    const folded = path.replaceAll('\\', '/').split('/').map(fold)
    const whole = folded.join('/')
    const above = folded.slice(1).map((_, depth) => folded.slice(0, depth + 1).join('/'))
    for (const each of folder ? [...above, whole] : above) {
      const file = this.files.get(each)
      if (file !== undefined) return reject('archive-collision', `${quote(file)} would be a file and a folder on some systems`)
      this.folders.add(each)
    }
    if (!folder) {
      const other = this.files.get(whole)
      if (other !== undefined) return reject('archive-collision', `${quote(other)} would have the same name on some systems`)
      if (this.folders.has(whole)) return reject('archive-collision', 'it would be a file and a folder on some systems')
      this.files.set(whole, path)
    }
    return accept(path.normalize('NFC'))
  }
}

/** What is wrong with a path by itself. */
function faultOf(path: string): ReturnType<typeof reject> | null {
  if (!path.isWellFormed() || path.includes('\0')) return reject('archive-name', 'a name is not text')
  if (/^[/\\]|^[a-z]:[/\\]/i.test(path)) return reject('archive-name', 'an absolute path')
  const names = path.normalize('NFC').split('/')
  if (names.some(name => name === '' || name === '.' || name === '..') || path.split(/[/\\]/).includes('..')) return reject('archive-name', 'a path that leads elsewhere')
  if (names.length - 1 > limits.archiveDepth) return reject('archive-depth', `more than ${limits.archiveDepth} folders deep`)
  if (names.some(name => utf8(name).length > limits.archiveNameBytes)) return reject('archive-name', `a name longer than ${limits.archiveNameBytes} bytes`)
  return null
}

/** Upper case first, so that ß and ss, and both small sigmas, fold to one. */
export function fold(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

function quote(path: string): string {
  return JSON.stringify(path.length > 80 ? `…${path.slice(-80)}` : path)
}
