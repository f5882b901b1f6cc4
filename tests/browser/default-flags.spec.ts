import { noise } from '../support/bytes.ts'
import { expect, test } from '../support/people.ts'

// What users have: mDNS candidates, no permission, no flag. It needs a network interface other than loopback.
test('a file crosses with the browser as it comes', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'plain.bin', bytes: noise(1_000_000, 'plain') }
  await ben.get(await ada.share([file]))
  await ben.here()
  expect((await ben.saved('plain.bin')).bytes.equals(file.bytes)).toBe(true)
})
