import { readFile, writeFile } from 'node:fs/promises'
import { limitTable } from '../../src/base/index.ts'

/** `docs/LIMITS.md` as the table of limits asks for it. */
export function limitsDocument(): string {
  const rows = Object.entries(limitTable).map(([name, { value, unit, reason }]) => `| \`${name}\` | ${amount(value, unit)} | ${reason} |`)
  return `# Limits

Every limit of the peer and of the relay. Made from \`src/base/limits.ts\` by \`npm run docs\`; a test keeps the two the same.

| limit | value | why |
|---|---|---|
${rows.join('\n')}
`
}

function amount(value: number, unit: string): string {
  if (unit === 'bytes') {
    for (const [size, name] of [[1 << 30, 'GiB'], [1 << 20, 'MiB'], [1 << 10, 'KiB']] as const) if (value >= size && value % size === 0) return `${String(value / size)} ${name}`
  }
  if (unit === 'ms' && value % 1000 === 0) return value % 60_000 === 0 ? `${String(value / 60_000)} min` : `${String(value / 1000)} s`
  return `${value.toLocaleString('en-US').replaceAll(',', ' ')} ${unit}`
}

export async function main(): Promise<number> {
  await writeFile('docs/LIMITS.md', limitsDocument())
  console.log(`docs/LIMITS.md: ${String((await readFile('docs/LIMITS.md', 'utf8')).split('\n').length)} lines`)
  return 0
}
