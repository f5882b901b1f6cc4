import { msg } from '@lit/localize'
import { linkHash } from '../route.ts'
import type { ErrorCode } from '../types.ts'
import { ruleWords } from './rules.ts'

/** What happened, and what was kept or what to do. */
export interface Words { readonly what: string, readonly next: string }

const words: Record<ErrorCode, () => Words> = {
  'aborted': () => ({ what: msg('Stopped'), next: msg('You stopped it. Nothing else was changed.') }),
  'bad-input': () => ({ what: msg('This cannot be read'), next: msg('Something in it is not as it should be. Nothing was changed.') }),
  'internal': () => ({ what: msg('Something in Holdfast went wrong'), next: msg('What this device holds is kept. Reload the page and try again.') }),
  'unsupported': () => ({ what: msg('This browser cannot do that'), next: msg('A current Chrome, Edge, Firefox or Safari can.') }),
  'timeout': () => ({ what: msg('No answer in time'), next: msg('Nothing was lost. Try again in a moment.') }),
  'too-large': () => ({ what: msg('Too large'), next: msg('Nothing was changed. Try with less at a time.') }),
  'too-many': () => ({ what: msg('Too many at once'), next: msg('Nothing was changed. Try with fewer.') }),
  'rate-limited': () => ({ what: msg('Asked too often'), next: msg('It goes on by itself in a moment.') }),

  'not-found': () => ({ what: msg('Not on this device'), next: msg('It may have been removed. With its link you can fetch it anew.') }),
  'already-exists': () => ({ what: msg('Already on this device'), next: msg('It is in your Library.') }),
  'storage-full': () => ({ what: msg('This device has no room left'), next: msg('What came so far is kept. Remove something in the Library, then go on.') }),
  'storage-busy': () => ({ what: msg('The storage is in use'), next: msg('Close other tabs of Holdfast and try again. Nothing was lost.') }),
  'storage-lost': () => ({ what: msg('The browser cleared these files'), next: msg('They are gone from this device. With the link you can fetch them anew.') }),

  'storage-damaged': () => ({ what: msg('The disk damaged this file'), next: msg('What is right of it is kept. Try again to fetch the rest from whoever has it too.') }),
  'storage-permission': () => ({ what: msg('The browser has to be asked for the folder'), next: msg('It asks you once after each start. Nothing in the folder was changed.') }),
  'store-unreachable': () => ({ what: msg('The cloud store does not answer'), next: msg('Files that lie there wait for it. What is being fetched stays on this device until it answers.') }),
  'store-refused': () => ({ what: msg('The cloud store refuses'), next: msg('Its keys may have ended or may not do this. Nothing was changed; give it other ones in Settings.') }),
  'store-missing': () => ({ what: msg('The cloud store has no such bucket'), next: msg('Check its name, region and account. Nothing was changed.') }),
  'store-cors': () => ({ what: msg('The cloud store does not let web pages in'), next: msg('Its CORS rules have to name this site, its methods and headers. Nothing was changed.') }),
  'storage-newer': () => ({ what: msg('A newer Holdfast was here'), next: msg('It keeps its files in a way this version does not know. Reload to load the newer one; nothing was touched.') }),

  'archive-empty': () => ({ what: msg('There is no file in it'), next: msg('Choose at least one file; empty folders alone cannot be sent.') }),
  'archive-entries': () => ({ what: msg('Too many files for one link'), next: msg('One link holds at most 10,000 files. Nothing was read; choose fewer, or make several links.') }),
  'archive-depth': () => ({ what: msg('Folders nested too deep'), next: msg('Other systems could not save these. Nothing was read; move them up, or leave them out.') }),
  'archive-name': () => ({ what: msg('Some names cannot be saved everywhere'), next: msg('Nothing was read. Rename these files, or leave them out.') }),
  'archive-collision': () => ({ what: msg('Some names are the same'), next: msg('On other systems one would overwrite the other. Nothing was read; rename them, or leave them out.') }),
  'archive-bomb': () => ({ what: msg('It unpacks to more than 100 times its size'), next: msg('So its files are not listed by themselves. You can look inside all the same, or save it as it is.') }),
  'archive-damaged': () => ({ what: msg('The archive is damaged'), next: msg('Its bytes are what the link names, but they do not unpack, so nothing was kept. Ask whoever shared it.') }),
  'archive-link': () => ({ what: msg('It holds more than plain files and folders'), next: msg('Links and devices are refused, so nothing was kept. Ask whoever shared it.') }),
  'bad-image': () => ({ what: msg('This is not a picture Holdfast can show'), next: msg('It takes PNG that does not move. Nothing was changed.') }),
  'file-unreadable': () => ({ what: msg('A file could not be read'), next: msg('Nothing was shared. Check that it still exists and may be opened, then choose it again.') }),
  'file-changed': () => ({ what: msg('A file changed while it was read'), next: msg('Nothing was shared. Choose it again when nothing writes to it.') }),

  'media-none': () => ({ what: msg('This file is empty'), next: msg('It has 0 bytes, so there is nothing to publish. Choose another one.') }),
  'not-media': () => ({ what: msg('This is neither music nor a film'), next: msg('Its bytes are of no format that can be read, whatever its name says. Nothing was published; as a file it can be shared all the same.') }),
  'no-audio': () => ({ what: msg('There is no sound in this file'), next: msg('It is a picture or a silent film. Nothing was published; as a file it can be shared all the same.') }),
  'media-cut': () => ({ what: msg('This recording is cut off'), next: msg('There is less of it than it says itself, so nothing was converted or published. Try a whole copy of it; as it is, it can still be saved, or shared as a file.') }),
  'media-damaged': () => ({ what: msg('This recording is damaged'), next: msg('It is cut off or has faults, so it was not published. Try a whole copy of it.') }),
  'media-miscounted': () => ({ what: msg('This recording is longer than its file can say'), next: msg('WAV and AIFF count up to 4 GiB, and what comes after would be lost. Nothing was published; save it as RF64, W64 or FLAC, and choose that.') }),
  'media-unsupported': () => ({ what: msg('This format cannot be decoded here'), next: msg('Nothing was published. Convert it to WAV or FLAC, and choose that.') }),
  'media-crashed': () => ({ what: msg('The decoder failed on this file'), next: msg('Nothing was published and nothing of it is left. Try once more, or convert it to WAV or FLAC first.') }),
  'image-too-large': () => ({ what: msg('This picture has too many pixels'), next: msg('It takes up to 40 megapixels. Make it smaller, and choose it again.') }),
  'publish-interrupted': () => ({ what: msg('Publishing was interrupted'), next: msg('The tab was closed before all was ready. Nothing half-made is left; publish it again.') }),
  'no-box': () => ({ what: msg('This person cannot be given keys yet'), next: msg('Their account has no key on the ledger that others could seal to. Ask them to open Settings once.') }),
  'denied': () => ({ what: msg('The owner gives this to others only'), next: msg('Nothing was paid. Ask the owner to add your address.') }),

  'link-cut': () => ({ what: msg('This link was cut short'), next: msg('Its end is missing, often because a line broke. Copy the whole link and paste it again.') }),
  'link-invalid': () => ({ what: msg('This link is damaged'), next: msg('Something in it changed on the way. Ask for it to be sent again.') }),
  'link-unknown-kind': () => ({ what: msg('This link is for a newer Holdfast'), next: msg('Reload to look for a new version, then open it again.') }),

  'wrong-bytes': () => ({ what: msg('What came is not what the link names'), next: msg('It was thrown away and nothing was saved. Try again, or ask for a new link.') }),
  'wrong-info': () => ({ what: msg('The description does not match the link'), next: msg('It was thrown away. It is asked for again from somebody else.') }),
  'attachment-false': () => ({ what: msg('What the message says of this file is false'), next: msg('Its parts do not belong together, so it is not fetched again. Ask whoever wrote it.') }),
  'no-tracker': () => ({ what: msg('No tracker answers'), next: msg('People cannot find each other until one does. Tried again by itself; what came is kept.') }),
  'share-interrupted': () => ({ what: msg('The tab was closed before the link was made'), next: msg('Your files are untouched. Choose them again to make the link.') }),

  'blocked': () => ({ what: msg('This is blocked on this device'), next: msg('You blocked it, or a list you imported names it. Nothing is taken; Settings can clear the list.') }),

  'wrong-key': () => ({ what: msg('The link is damaged: its key does not open the file'), next: msg('What came is kept. Ask for the link to be sent again, and open it here.') }),
  'tdf-damaged': () => ({ what: msg('The protected file is damaged'), next: msg('Its bytes are what the link names, but they do not open. Ask whoever shared it to make a new link.') }),

  'locked': () => ({ what: msg('Locked with your passphrase'), next: msg('Unlock it in Settings. Everything else works meanwhile.') }),
  'wrong-passphrase': () => ({ what: msg('This is not the passphrase'), next: msg('Nothing was changed. Try again; capitals and spaces count.') }),
  'not-own': () => ({ what: msg('This is for somebody else to sign'), next: msg('It names another address than yours. Nothing was signed.') }),
  'backup-damaged': () => ({ what: msg('This is no whole backup file'), next: msg('Something in it is missing or was changed, or it is another file. Nothing was changed here; try another copy.') }),
  'backup-newer': () => ({ what: msg('This backup is from a newer Holdfast'), next: msg('Reload to look for a new version, then choose it again. Nothing was changed.') }),
  'promised': () => ({ what: msg('Your account promised to keep this'), next: msg('Stop keeping it on its page first; then it can be removed.') }),

  'relay-unreachable': () => ({ what: msg('The relay does not answer'), next: msg('Tried again by itself. Everything on this device still works.') }),
  'relay-full': () => ({ what: msg('The relay is full'), next: msg('Another one is asked, then this one again.') }),
  'peer-unreachable': () => ({ what: msg('The other side cannot be reached'), next: msg('Tried again by itself.') }),
  'stream-closed': () => ({ what: msg('The other side hung up'), next: msg('Tried again by itself. What came is kept.') }),
  'bad-frame': () => ({ what: msg('The other side sent something unreadable'), next: msg('It was thrown away.') }),
  'bad-reply': () => ({ what: msg('The other side gave a wrong answer'), next: msg('It was thrown away.') }),
  'network-file': () => ({ what: msg('The list of relays could not be read'), next: msg('Whoever runs this page has to mend it. Everything on this device still works.') }),
}

/** Words for whatever was thrown or reported: anything without a code of ours is an inner failure. */
export function errorWords(problem: unknown): Words {
  const { code, data } = problem as { readonly code?: string, readonly data?: { readonly rule?: unknown } } | null ?? {}
  const refused = ruleWords(data?.rule)
  if (refused !== null) return refused
  return (code !== undefined && Object.hasOwn(words, code) ? words[code as ErrorCode] : words.internal)()
}

/** Why text is no link we can open; says more than the code where the text alone shows it. */
export function linkWords(text: string, code: ErrorCode): Words {
  const bare = text.trim()
  if (/^b[a-z2-7]{50,}$/i.test(bare)) return {
    what: msg('This is a content id of another kind'),
    next: msg('Holdfast looks for 64 hexadecimal digits, or for ids that begin with bafkrei.'),
  }
  if (/^[0-9a-f]{40,}$/i.test(bare)) return {
    what: msg('This is no whole content id'),
    next: msg('One has 64 hexadecimal digits. Copy all of it and paste it again.'),
  }
  if (linkHash(bare) === null) return { what: msg('This is not a Holdfast link'), next: msg('A link begins with https:// and has #/get/ in it. A content id has 64 hexadecimal digits.') }
  return errorWords({ code })
}
