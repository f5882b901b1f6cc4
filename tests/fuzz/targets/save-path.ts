import { utf8 } from '../../../src/base/index.ts'
import { readSavePath, savePath } from '../../../src/peer/save-path.ts'
import { textOf } from '../text.ts'
import type { Target } from '../types.ts'

const cid = 'ab'.repeat(32)

/** What the service worker is asked for. */
export const savePaths: Target = {
  name: 'save-path',
  corpus: () => [`/${savePath(cid, null)}`, `/app/${savePath(cid, 0)}`, `/${savePath(cid, 9999)}`].map(utf8),
  dictionary: ['/save/', '/all', '/', '..', '%2f', '\n', '00', '-1', '99999', cid],
  maxBytes: 4096,
  run(bytes) {
    const pathname = textOf(bytes)
    const read = readSavePath(pathname)
    if (read === null) return 'ignored'
    if (!pathname.endsWith(`/save/${read.cid}/${pathname.endsWith('/all') ? 'all' : pathname.slice(pathname.lastIndexOf('/') + 1)}`) || (read.member !== null && !(read.member >= 0 && read.member <= 99_999))) throw new Error('another path than it says')
    return 'accepted'
  },
}
