import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { limitsDocument } from '../../support/docs.ts'

test('docs/LIMITS.md says what the code does (npm run docs)', () => {
  expect(readFileSync('docs/LIMITS.md', 'utf8')).toBe(limitsDocument())
})

test('every direct dependency has its reason and its licence in docs/DEPENDENCIES.md', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>
  const rows = new Set([...readFileSync('docs/DEPENDENCIES.md', 'utf8').matchAll(/^\| `([^`]+)` \| (\d[\w.-]*) \| \S.* \| \S.* \|$/gm)].map(([, name, version]) => `${name ?? ''}@${version ?? ''}`))
  const direct = Object.entries({ ...dependencies, ...devDependencies }).map(([name, version]) => `${name}@${version}`)
  expect([...rows].toSorted()).toEqual(direct.toSorted())
})
