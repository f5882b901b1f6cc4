import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { addressBytes, fromHex, toBase64Url } from '../../../src/base/index.ts'
import { formatInvite, parseInvite, type InviteKey } from '../../../src/content/index.ts'

const invite: InviteKey = { network: '0123456789abcdef', secret: Uint8Array.from({ length: 32 }, (_, i) => i + 1), from: 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb' }

/** These bytes with the check they should have. */
function sealed(body: Uint8Array): string {
  const check = createHash('sha256').update('holdfast/invite/1\0').update(body).digest().subarray(0, 4)
  return `#/invite/${toBase64Url(new Uint8Array([...body, ...check]))}`
}

const bodyOf = (version: number): Uint8Array => new Uint8Array([version, ...fromHex(invite.network)!, ...invite.secret, ...addressBytes(invite.from)!])

test('an invite as it is written', () => {
  expect(formatInvite(invite)).toBe(sealed(bodyOf(1)))
  expect(formatInvite(invite)).toHaveLength('#/invite/'.length + 87)
})

test.each(['', 'https://holdfast.example/', 'http://127.0.0.1:8080/x/?y=1', '  '])('read after %j', before => {
  expect(parseInvite(`${before}${formatInvite(invite)}`)).toEqual({ ok: true, value: invite })
  expect(parseInvite(`${before}${formatInvite(invite)}\n`)).toMatchObject({ ok: true })
})

test.each<[string, string, string]>([
  ['nothing', 'link-invalid', ''], ['a get link', 'link-invalid', `#/get/${'ab'.repeat(32)}`], ['no letters', 'link-cut', '#/invite/'],
  ['one that was cut', 'link-cut', formatInvite(invite).slice(0, -1)], ['one that goes on', 'link-invalid', `${formatInvite(invite)}A`], ['other letters', 'link-invalid', formatInvite(invite).replace(/.$/, '+')],
  ['a mistyped one', 'link-invalid', formatInvite(invite).replace(/invite\/../, 'invite/AB')], ['a later version', 'link-unknown-kind', sealed(bodyOf(2))],
])('refused: %s', (_, code, text) => { expect(parseInvite(text)).toMatchObject({ ok: false, code }) })

test.each<[string, Partial<InviteKey>]>([
  ['a network that is none', { network: '0123' }], ['a key too short', { secret: new Uint8Array(31) }], ['no address', { from: 'T123' }],
])('not written: %s', (_, change) => { expect(() => formatInvite({ ...invite, ...change })).toThrow(expect.objectContaining({ code: 'bad-input' })) })
