import { readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { HoldfastError } from '../../base/index.ts'

/** Folders this process holds: a lock with our number in a folder we do not hold is of a process before us that had it. */
const held = new Set<string>()
/** Two that find the same dead lock both put theirs in its place; after this time the one that came last is there. */
const settleMs = 50

/**
 * Keeps other processes out of a folder by a file `lock` with our number; what a process left that is gone counts for nothing. Resolves with how to
 * let others in. `storage-busy` where another has it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(resolve(folder), 'lock')
  if (held.has(path)) throw busy(path, process.pid)
  held.add(path)
  try {
    const own = await nameOf(process.pid)
    if (!await create(path, own)) {
      const other = await textOf(path)
      const pid = Number.parseInt(other, 10)
      if (pid > 0 && pid !== process.pid && isThere(pid) && await nameOf(pid) === other) throw busy(path, pid)
      await writeFile(`${path}.${String(process.pid)}`, own, { mode: 0o600 })
      await rename(`${path}.${String(process.pid)}`, path)
      await sleep(settleMs)
      const now = await textOf(path)
      if (now !== own) throw busy(path, Number.parseInt(now, 10))
    }
    return async () => {
      held.delete(path)
      await unlink(path).catch(absent)
    }
  } catch (error) {
    held.delete(path)
    throw error
  }
}

function busy(path: string, pid: number): HoldfastError {
  return new HoldfastError('storage-busy', `another process (${String(pid)}) has this folder: ${path}`, { path, pid })
}

async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Of a file that is empty its maker may not have written yet. */
async function textOf(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(absent) ?? ''
  if (text !== '') return text
  await sleep(settleMs)
  return await readFile(path, 'utf8').catch(absent) ?? ''
}

/** A process by its number and, where the system tells, when it began: numbers are used again, in a container after each start. */
async function nameOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => '') // no such file on other systems
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // One that has ended and that nobody asked how, as in a container without an init, holds nothing any more.
  const began = /^[ZX]/.test(fields[0] ?? '') ? 'ended' : fields[19] ?? ''
  return `${String(pid)} ${began}\n`
}

function isThere(pid: number): boolean {
  try { return process.kill(pid, 0) } catch (error) { return (error as NodeJS.ErrnoException).code === 'EPERM' }
}

function absent(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
  throw error
}
