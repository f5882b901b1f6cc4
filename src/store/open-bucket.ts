import { HoldfastError } from '../base/index.ts'
import type { Bucket } from './bucket.ts'
import { openFileBucket } from './file-bucket.ts'
import { openIdbBucket } from './idb-bucket.ts'
import { memBucket } from './mem-bucket.ts'
import { openOpfsBucket } from './opfs-bucket.ts'

/** Opens the bucket a URL of its scheme names. */
interface Driver {
  /** Names of the URL parameters it knows. */
  readonly parameters: readonly string[]
  open(url: URL): Promise<Bucket>
}

const drivers: Readonly<Record<string, Driver>> = {
  'opfs:': { parameters: [], open: async url => await openOpfsBucket(folderOf(url)) },
  'file:': { parameters: [], open: async ({ host, pathname }) => await openFileBucket(host, decoded(pathname.slice(1))) },
  'idb:': { parameters: [], open: async url => await openIdbBucket(folderOf(url)) },
  'mem:': {
    parameters: [],
    async open({ host, pathname }) {
      if (host + pathname !== '') throw new HoldfastError('bad-input', 'mem:// has no name')
      return memBucket()
    },
  },
}

function folderOf({ host, pathname }: URL): string {
  return decoded(`${host}${pathname}`)
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch (error) {
    throw new HoldfastError('bad-input', 'the folder is not percent-encoded UTF-8', {}, { cause: error })
  }
}

/**
 * The bucket a URL names: `opfs://folder/folder`, `idb://folder/folder`, `file://name/folder` below a folder that was picked under that name (`rememberFolder`), or `mem://`. Anything it does not understand in the URL is `bad-input`; so are
 * credentials, which never stand in one.
 */
export async function openBucket(url: string): Promise<Bucket> {
  const parsed = URL.canParse(url) ? new URL(url) : null
  const driver = parsed === null || !Object.hasOwn(drivers, parsed.protocol) ? undefined : drivers[parsed.protocol]
  if (parsed === null || driver === undefined) throw new HoldfastError('bad-input', 'no bucket has such a URL')
  const unknown = [...parsed.searchParams.keys()].find(name => !driver.parameters.includes(name))
  if (unknown !== undefined) throw new HoldfastError('bad-input', 'the bucket knows no such parameter', { parameter: unknown })
  if (parsed.username !== '' || parsed.password !== '' || parsed.hash !== '') throw new HoldfastError('bad-input', 'a bucket URL holds no credentials and no fragment')
  return await driver.open(parsed)
}
