import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { localNetwork, parametersFromJson, parametersToJson } from '../../../src/ledger/index.ts'
import { ledgerOf } from '../../../src/net/index.ts'
import { ledgerParameters } from '../../../src/relay/ledger-file.ts'
import { runningRelay, temporaryFolder } from './running.ts'

const at = (seconds: number) => ({ now: () => 1000 * seconds + 999 })

test('a network begins at the first start of its relay, and stays', async () => {
  const data = join(await temporaryFolder(), 'deep')
  const first = await ledgerParameters({ data, name: 'local', network: null }, at(1_700_000_000))
  expect(first).toEqual(localNetwork(1_700_000_000))
  expect(await ledgerParameters({ data, name: 'local', network: null }, at(1_800_000_000))).toEqual(first)
  expect((await ledgerParameters({ data, name: 'home', network: null }, at(1_800_000_000)))).toEqual({ ...localNetwork(1_800_000_000), name: 'home' })
  expect((await readdir(data)).sort()).toEqual(['ledger-home.json', 'ledger-local.json'])
})

test('a damaged network is not begun anew', async () => {
  const data = await temporaryFolder()
  await ledgerParameters({ data, name: 'local', network: null }, at(1))
  const path = join(data, 'ledger-local.json')
  await writeFile(path, (await readFile(path, 'utf8')).slice(0, -20))
  await expect(ledgerParameters({ data, name: 'local', network: null }, at(2))).rejects.toMatchObject({ code: 'storage-lost' })
})

test('what a relay tells, another may serve; a file that is none is said in words', async () => {
  const relay = await runningRelay()
  const file = await (await fetch(`${relay.url}network.json`)).json() as { ledger: unknown }
  const told = ledgerOf(file)
  expect(told).toEqual(localNetwork(told?.time ?? 0))
  const folder = await temporaryFolder()
  const [whole, alone, wrong] = [join(folder, 'whole.json'), join(folder, 'alone.json'), join(folder, 'wrong.json')]
  await writeFile(whole, JSON.stringify(file))
  await writeFile(alone, JSON.stringify(file.ledger))
  await writeFile(wrong, JSON.stringify({ ...parametersToJson(localNetwork(1)), blockTime: 1 }))
  for (const network of [whole, alone]) {
    const other = await runningRelay({ network })
    expect(ledgerOf(await (await fetch(`${other.url}network.json`)).json())).toEqual(told)
  }
  await expect(runningRelay({ network: wrong })).rejects.toThrow(/--network: .*wrong\.json: /)
  await expect(runningRelay({ network: join(folder, 'none.json') })).rejects.toThrow('--network: ENOENT')
})

test('a network file without a ledger is one without a ledger; a wrong one is refused', () => {
  expect(ledgerOf({ name: 'local' })).toBeNull()
  expect(() => ledgerOf({ ledger: { name: 'local' } })).toThrow('operations or allocations that are no list')
  expect(parametersFromJson(JSON.parse(JSON.stringify(parametersToJson(localNetwork(5)))))).toEqual({ ok: true, value: localNetwork(5) })
})
