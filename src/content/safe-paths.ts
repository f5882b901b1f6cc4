import { limits, utf8 } from '../base/index.ts'
import { fold } from './archive-tree.ts'
import { cutToBytes, safeFileName } from './names.ts'

/**
 * `paths` as names of folders and of a file at the end, each fit for every system and no two of one folder the same where capital letters do not
 * count: the second of such becomes `name (2).ext`. A folder that several paths lie in stays one.
 */
export function safePaths(paths: readonly string[]): readonly (readonly string[])[] {
  const root = new SafeFolder()
  return paths.map(path => {
    const names = path.split('/')
    const safe: string[] = []
    let folder = root
    for (const name of names.slice(0, -1)) {
      const below = folder.folder(name)
      safe.push(below.name)
      folder = below.folder
    }
    return [...safe, folder.file(names.at(-1) ?? '')]
  })
}

/** `name` fit for a file, or `name (2)` and so on, the first that `taken` does not refuse. */
export function freeName(name: string, taken: (name: string) => boolean): string {
  const plain = safeFileName(name)
  const [extension = ''] = /(?<!^)\.[^.]{1,19}$/.exec(plain) ?? []
  const stem = plain.slice(0, plain.length - extension.length)
  let free = plain
  for (let n = 2; taken(free); n++) {
    const tail = ` (${n})${extension}`
    free = cutToBytes(stem, limits.archiveNameBytes - utf8(tail).length) + tail
  }
  return free
}

class SafeFolder {
  private readonly taken = new Set<string>()
  private readonly folders = new Map<string, { readonly name: string, readonly folder: SafeFolder }>()

  file(name: string): string {
    const free = freeName(name, each => this.taken.has(fold(each)))
    this.taken.add(fold(free))
    return free
  }

  folder(name: string): { readonly name: string, readonly folder: SafeFolder } {
    const known = this.folders.get(name)
    if (known !== undefined) return known
    const made = { name: this.file(name), folder: new SafeFolder() }
    this.folders.set(name, made)
    return made
  }
}
