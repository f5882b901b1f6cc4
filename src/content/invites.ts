import { accept, addressBytes, addressOfBytes, concat, fromBase64Url, fromHex, HoldfastError, reject, sha256, toBase64Url, toHex, utf8, equalBytes, type Address, type Judged } from '../base/index.ts'

/*
 * An invite is a fragment, which no server ever sees: `#/invite/<87 letters>`, base64url of
 *
 *   version 1 (1) | network id (8) | secret key (32) | address of who made it (20) | check (4)
 *
 * `check` is the first 4 bytes of SHA-256("holdfast/invite/1" || 0 || all before it): an invite cut short or mistyped is told from one whose coins are gone.
 * Who made it is what the link says; whoever has a link can write another with the same key.
 */

/** Coins set aside: the secp256k1 key they lie under, and on which network. */
export interface InviteKey { readonly network: string, readonly secret: Uint8Array<ArrayBuffer>, readonly from: Address }

const head = '#/invite/'
const version = 1
const wholeBytes = 65
const wholeChars = 87
const checkBytes = 4

/** The fragment for an invite; it goes after the address of any copy of the app. */
export function formatInvite({ network, secret, from }: InviteKey): string {
  const [id, maker] = [fromHex(network), addressBytes(from)]
  if (id?.length !== 8 || secret.length !== 32 || maker === null) throw new HoldfastError('bad-input', 'an invite has a network id, a key and an address')
  const body = concat(Uint8Array.of(version), id, secret, maker)
  return head + toBase64Url(concat(body, check(body)))
}

/** Reads a whole URL or its fragment. `link-cut`: the end is missing; `link-unknown-kind`: for another version; `link-invalid`: anything else. */
export function parseInvite(text: string): Judged<InviteKey> {
  const at = text.indexOf(head)
  if (at < 0) return reject('link-invalid', 'not an invite')
  const letters = text.slice(at + head.length).trim()
  if (!/^[\w-]*$/.test(letters) || letters.length > wholeChars) return reject('link-invalid', 'letters no invite has')
  if (letters.length < wholeChars) return reject('link-cut', 'the end of the invite is missing')
  const bytes = fromBase64Url(letters)
  if (bytes?.length !== wholeBytes) return reject('link-invalid', 'not the one way in which an invite is written')
  const body = bytes.subarray(0, wholeBytes - checkBytes)
  if (!equalBytes(check(body), bytes.subarray(wholeBytes - checkBytes))) return reject('link-invalid', 'the invite is damaged: its checksum does not fit')
  if (body[0] !== version) return reject('link-unknown-kind', 'an invite that needs a newer version of Holdfast')
  return accept({ network: toHex(body.subarray(1, 9)), secret: body.slice(9, 41), from: addressOfBytes(body.subarray(41)) })
}

function check(body: Uint8Array): Uint8Array { return sha256(concat(utf8('holdfast/invite/1'), Uint8Array.of(0), body)).subarray(0, checkBytes) }
