import { expect, test } from 'vitest'
import { english, inEnglish, type SayingCode } from '../../../src/records/receipt/sayings.ts'
import { findingWords } from '../../../src/ui/strings/findings.ts'

test.each(Object.keys(english) as SayingCode[])('%s says in a page what it says on a terminal, with all its words', code => {
  const words = Array.from({ length: english[code].length }, (_, i) => `<${i}>`)
  const says = inEnglish({ code, words })
  expect(findingWords({ code, words })).toBe(says)
  for (const word of words) expect(says).toContain(word)
  expect(findingWords({ code, words, part: 2 })).toBe(`Part 2: ${says}`)
})
