import { afterEach, beforeAll, expect, test } from 'vitest'
import { mine } from '../../support/mine.ts'
import { RecordDevice, chainOf, first, further, recordNetwork } from '../../support/record-device.ts'

// The first signature of each kind waits for the tables of its curve.
beforeAll(async () => {
  const one = await run('ann', await recordNetwork({ ann: 1_000 }))
  await one.buy(1)
})

const made: RecordDevice[] = []
afterEach(async () => { for (const device of made.splice(0)) await device.stop() })

async function run(...args: Parameters<typeof RecordDevice.of>): Promise<RecordDevice> {
  const one = await RecordDevice.of(...args)
  made.push(one)
  return one
}

test('coins become credits, a chain is begun, an entry follows, and both become safe', async () => {
  const ann = await run('ann', await recordNetwork({ ann: 10_000 }))
  await ann.buy(50)
  expect(await ann.desk.credits()).toMatchObject({ factoids: 0, credits: 50, rate: 2, sending: [{ kind: 'buy-credits', credits: 50, coins: 100, stage: 'included', problem: null }] })
  expect(await ann.desk.quote(first('log', 'one'))).toMatchObject({ chain: chainOf('log'), payload: 8, free: 10_232, credits: 11, balance: 50, coins: 0, copies: 0, problem: null })

  const told = await ann.desk.record('w1', first('log', 'one'))
  expect(told).toMatchObject({ chain: chainOf('log') })
  expect(await ann.desk.record('w1', first('log', 'one'))).toEqual(told)
  await ann.settle()
  expect(ann.sending).toMatchObject([{ wish: 'w1', begins: true, credits: 11, stage: 'offered', spent: false, block: null }])
  expect(ann.offered.size).toBe(1) // nobody sees the name before its ChainID is reserved
  await ann.desk.record('w2', further('log', 'two'))
  await ann.block()
  expect(ann.sending).toMatchObject([{ wish: 'w1', stage: 'offered', spent: true }, { wish: 'w2', stage: 'offered', spent: false }])
  await ann.block()
  expect(ann.sending).toMatchObject([{ wish: 'w1', stage: 'included', block: 4, index: 0 }, { wish: 'w2', stage: 'offered', spent: true }])
  await ann.block()
  expect(ann.sending).toMatchObject([{ wish: 'w1', stage: 'included' }, { wish: 'w2', stage: 'included', block: 5, index: 1 }])
  expect(await ann.chain('log')).toEqual(['one', 'two'])
  expect(await ann.credits()).toBe(50 - 11 - 1)
  expect(ann.offered.size).toBe(0)
  await ann.safeBelow(0)
  expect(ann.sending).toMatchObject([{ stage: 'safe' }, { stage: 'safe' }])
  expect(await ann.device.store.values('record-entry/')).toEqual([])
})

test('a quote says what stands in the way, and what missing credits cost', async () => {
  const ann = await run('ann', await recordNetwork({ ann: 10_000 }))
  expect(await ann.desk.quote(first('log'))).toMatchObject({ credits: 11, balance: 0, coins: 2 * (11 + 12) + 10, problem: null })
  await expect(ann.desk.record('w', first('log'))).rejects.toMatchObject({ code: 'too-large', data: { missing: 11, coins: 56 } })
  await ann.buy(11)
  expect(await ann.desk.quote(further('log', 'x'))).toMatchObject({ problem: { code: 'not-found' } })
  await expect(ann.desk.record('w', further('log', 'x'))).rejects.toMatchObject({ code: 'not-found' })
  expect(await ann.desk.quote({ chain: 'abc', extIds: [], content: new Uint8Array() })).toMatchObject({ problem: { code: 'bad-input' } })
  expect(await ann.desk.quote(first('log', 'x'.repeat(10_240)))).toMatchObject({ payload: 10_245, free: 0, problem: { code: 'too-large' } })
  await ann.desk.record('w', first('log'))
  expect(await ann.desk.quote(first('log'))).toMatchObject({ balance: 0, problem: { code: 'already-exists' } })
  expect(await ann.desk.quote(further('log', 'x'))).toMatchObject({ credits: 1, balance: 0, coins: 2 * 13 + 10, problem: null })
  await expect(ann.desk.record('w2', further('log', 'x'))).rejects.toMatchObject({ code: 'too-large', data: { missing: 1 } })
  ann.device.keys.locked = true
  expect(await ann.desk.quote(first('other'))).toMatchObject({ credits: 11, problem: { code: 'locked' } })
  await expect(ann.desk.record('w3', first('other'))).rejects.toMatchObject({ code: 'locked' })
  await expect(ann.desk.buyCredits('b', 1)).rejects.toMatchObject({ code: 'locked' })
})

test('what is recorded twice makes two copies, and the same wish one', async () => {
  const ann = await run('ann', await recordNetwork({ ann: 10_000 }))
  await ann.buy(50)
  await ann.desk.record('a', first('log'))
  await ann.blocks(2)
  await Promise.all(['b', 'c', 'b', 'c'].map(async wish => await ann.desk.record(wish, further('log', 'same'))))
  await ann.blocks(3)
  expect(await ann.chain('log')).toEqual(['', 'same', 'same'])
  expect(await ann.credits()).toBe(50 - 11 - 2)
  expect(ann.sending.map(({ wish, stage, index }) => ({ wish, stage, index }))).toEqual([
    { wish: 'a', stage: 'included', index: 0 }, { wish: 'b', stage: 'included', index: 1 }, { wish: 'c', stage: 'included', index: 2 },
  ])
  expect(await ann.desk.quote(further('log', 'same'))).toMatchObject({ copies: 2 })
})

test('two copies with another entry between keep their order', async () => {
  const ann = await run('ann', await recordNetwork({ ann: 10_000 }))
  await ann.buy(50)
  await ann.desk.record('a', first('log'))
  for (const [i, text] of ['x', 'x', 'y', 'x'].entries()) await ann.desk.record(`${i}`, further('log', text))
  await ann.blocks(6)
  expect(await ann.chain('log')).toEqual(['', 'x', 'x', 'y', 'x'])
  expect(ann.sending.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4])
})

test('many at once keep their order, in a few writes', async () => {
  const ann = await run('ann', await recordNetwork({ ann: 10_000 }))
  await ann.buy(500)
  const before = ann.disk.writes
  const names = Array.from({ length: 150 }, (_, i) => `${i}`)
  const asked = names.map(async name => await ann.desk.record(name, name === '0' ? first('log', '0') : further('log', name)))
  await Promise.all(asked)
  expect(ann.disk.writes - before).toBeLessThanOrEqual(4)
  for (let i = 0; i < 12; i++) await ann.block()
  expect(await ann.chain('log')).toEqual(names)
  expect(await ann.credits()).toBe(500 - 11 - 149)
  expect(ann.sending.every(({ stage }) => stage === 'included')).toBe(true)
}, 60_000) // some three hundred signatures, each made once and checked twice

test('a restart at any time goes on, and pays once', async () => {
  const ann = await run('ann', await recordNetwork({ ann: 10_000 }))
  await ann.buy(20)
  await ann.desk.record('a', first('log', 'one'))
  let now = ann
  const again = async (): Promise<void> => {
    made.splice(made.indexOf(now), 1)
    now = await now.restart()
    now.written.push(...ann.written)
    made.push(now)
  }
  await again()
  expect(now.sending).toMatchObject([{ wish: 'a', stage: 'offered' }])
  const [commit] = now.offered.values()
  await now.block()
  await again()
  expect(now.sending).toMatchObject([{ wish: 'a', stage: 'offered', spent: true }])
  expect(now.offered.size).toBe(1) // its reveal
  expect([...now.offered.values()]).not.toContainEqual(commit)
  await now.block()
  await again()
  expect(now.sending).toMatchObject([{ wish: 'a', stage: 'included', block: 4, index: 0 }])
  await now.desk.record('a', first('log', 'one'))
  await now.safeBelow(0)
  await again()
  expect(now.sending).toMatchObject([{ wish: 'a', stage: 'safe' }])
  expect(await now.desk.record('a', first('log', 'one'))).toMatchObject({ chain: chainOf('log') })
  await now.blocks(2)
  expect(await now.credits()).toBe(9)
  expect(await now.chain('log')).toEqual(['one'])
})

test('another branch undoes what its blocks do not have, and it is offered again', async () => {
  const network = await recordNetwork({ ann: 10_000 })
  const [ann, zoe] = [await run('ann', network), await run('zoe', network)]
  await ann.buy(20, [zoe])
  await ann.desk.record('a', first('log', 'one'))
  await ann.blocks(2)
  expect(ann.sending).toMatchObject([{ stage: 'included', spent: true }])
  for (let i = 0; i < 4; i++) await zoe.block([], 'other')
  const roots: string[] = []
  for (let at: string | null = zoe.ledger.head.root; at !== null && roots.length < 4; at = zoe.ledger.chain.record(at)?.parent ?? null) roots.unshift(at)
  const { store } = zoe.disk
  for (const root of roots) {
    await ann.take({ header: (await store.find(zoe.ledger.parts(root).block))!, body: (await store.body(root))!, time: zoe.device.now })
  }
  expect(ann.ledger.head.root).toBe(zoe.ledger.head.root)
  expect(ann.sending).toMatchObject([{ stage: 'offered', spent: false, block: null }])
  await ann.blocks(2)
  expect(ann.sending).toMatchObject([{ stage: 'included', spent: true, block: 8 }])
  expect(await ann.credits()).toBe(9)
  expect(ann.signed.size).toBe(2) // the purchase and one commit
})

test('a commit whose window is over is signed again, once it is over for good', async () => {
  const ann = await run('ann', await recordNetwork({ ann: 10_000 }))
  await ann.buy(20)
  await ann.desk.record('a', first('log', 'one'))
  await ann.settle()
  expect(ann.signed.size).toBe(2)
  await ann.hours(11)
  expect(ann.sending).toMatchObject([{ stage: 'offered' }])
  expect(ann.signed.size).toBe(2)
  await ann.hours(2)
  expect(ann.signed.size).toBe(2) // a branch without the last block could still take it
  for (let i = 0; i < 3; i++) await ann.hours(0.02)
  expect(ann.signed.size).toBe(3)
  await ann.blocks(2)
  expect(ann.sending).toMatchObject([{ stage: 'included', spent: true }])
  expect(await ann.credits()).toBe(9)
})

test('a commit that was paid, and revealed by no block in time, failed and says that it was paid', async () => {
  const ann = await run('ann', await recordNetwork({ ann: 10_000 }))
  await ann.buy(20)
  await ann.desk.record('a', first('log', 'one'))
  await ann.block()
  await ann.hours(13)
  expect(ann.sending).toMatchObject([{ stage: 'failed', spent: true, problem: { code: 'timeout', data: { spent: true } } }])
  expect(ann.offered.size).toBe(0)
  await ann.desk.forget('a')
  expect(ann.sending).toEqual([])
  expect(await ann.credits()).toBe(9)
})

test('where somebody else begins the chain first it fails, and says whether credits were spent', async () => {
  const network = await recordNetwork({ ann: 10_000, bob: 10_000 })
  const [ann, bob] = [await run('ann', network), await run('bob', network)]
  await ann.desk.buyCredits('x', 40)
  await bob.buy(40, [ann])
  await ann.block([bob])
  await bob.desk.record('b', first('log', 'bob'))
  await ann.desk.record('a', first('log', 'ann'))
  await ann.desk.record('a2', further('log', 'more'))
  await bob.settle()
  await ann.settle()
  ann.offered.clear() // nobody hears of it in time
  await bob.take(await mine(bob.ledger, { seconds: 60, offered: bob.inOrder() }).then(async mined => { await ann.take(mined); return mined }))
  await bob.block([ann])
  expect(bob.sending).toMatchObject([{ stage: 'included' }])
  expect(ann.sending).toMatchObject([
    { wish: 'a', stage: 'failed', spent: false, problem: { code: 'already-exists', data: { spent: false } } }, { wish: 'a2', stage: 'failed', spent: false, problem: { code: 'not-found' } },
  ])
  expect(await ann.credits()).toBe(40)
  await ann.desk.record('a3', further('log', 'more'))
  await ann.block([bob])
  expect(await ann.credits()).toBe(39)
})

test('with keys that are locked nothing is signed, and all goes on once they are not', async () => {
  const ann = await run('ann', await recordNetwork({ ann: 10_000 }))
  await ann.buy(20)
  const record = ann.desk.record('a', first('log', 'one'))
  ann.device.keys.locked = true
  await record.catch(() => {})
  await ann.settle()
  expect(ann.sending).toMatchObject([{ stage: 'local' }])
  expect(ann.offered.size).toBe(0)
  await ann.block()
  expect(ann.sending).toMatchObject([{ stage: 'local' }])
  ann.device.keys.locked = false
  await ann.desk.setPerson(ann.device.key.address, false)
  await ann.settle()
  expect(ann.sending).toMatchObject([{ stage: 'offered' }])
  await ann.desk.record('b', further('log', 'two'))
  await ann.settle()
  ann.device.keys.locked = true
  made.splice(made.indexOf(ann), 1)
  const again = await ann.restart() // what was signed before goes on without the keys
  made.push(again)
  expect(again.offered.size).toBe(1)
  await again.blocks(2)
  expect(again.sending).toMatchObject([{ wish: 'a', stage: 'included' }, { wish: 'b', stage: 'local' }])
  again.device.keys.locked = false
  await again.desk.setPerson(again.device.key.address, false)
  await again.blocks(2)
  expect(again.sending).toMatchObject([{ wish: 'a', stage: 'included' }, { wish: 'b', stage: 'included' }])
})

test('only what nobody has can be taken back', async () => {
  const ann = await run('ann', await recordNetwork({ ann: 10_000 }))
  await ann.buy(20)
  await ann.desk.record('a', first('log', 'one'))
  await ann.desk.record('b', further('log', 'two'))
  await ann.settle()
  await expect(ann.desk.forget('a')).rejects.toMatchObject({ code: 'already-exists' })
  await expect(ann.desk.forget('nothing')).rejects.toMatchObject({ code: 'not-found' })
  await ann.desk.forget('b') // its chain is not begun yet
  await ann.blocks(3)
  expect(ann.sending).toMatchObject([{ wish: 'a', stage: 'included' }])
  expect(await ann.credits()).toBe(9)
})

test('where another device spends the credits midway, what they do not pay for fails; a commit that gets in all the same is revealed', async () => {
  const network = await recordNetwork({ ann: 10_000 })
  const [ann, other] = [await run('ann', network), await run('ann', network)]
  await ann.buy(13, [other])
  await other.desk.setPerson(other.device.key.address, false)
  await ann.desk.record('a', first('log', 'one'))
  await ann.desk.record('a2', further('log', 'two'))
  await ann.desk.record('a3', further('log', 'three'))
  await other.desk.record('o', first('else', 'two'))
  await other.settle()
  await ann.settle()
  const kept = [...ann.offered.values()]
  ann.offered.clear()
  await other.block([ann])
  expect(ann.sending).toMatchObject([
    { wish: 'a', stage: 'failed', spent: false, problem: { code: 'too-large', data: { missing: 9 } } }, { wish: 'a2', stage: 'failed', problem: { code: 'not-found' } }, { wish: 'a3', stage: 'failed' },
  ])
  // Others have its commit still; once there are credits again it gets in.
  await other.desk.buyCredits('more', 20)
  await other.settle()
  await other.blocks(2, [ann])
  await ann.take(await mine(ann.ledger, { seconds: 60, offered: kept }))
  expect(ann.sending[0]).toMatchObject({ wish: 'a', stage: 'offered', spent: true, problem: null })
  await ann.block()
  expect(ann.sending[0]).toMatchObject({ stage: 'included' })
  expect(await ann.chain('log')).toEqual(['one'])
})

test('coins of the Factoid address go to Factoid, Entry Credit and account addresses', async () => {
  const network = await recordNetwork({ ann: 10_000, bob: 10 })
  const [ann, bob] = [await run('ann', network), await run('bob', network)]
  const { creditAddress, factoidAddress } = (await bob.desk.credits())!
  await expect(ann.desk.sendFactoids('a', factoidAddress, 5)).rejects.toMatchObject({ code: 'too-large', data: { coins: 29, spare: 0 } })
  await expect(ann.desk.sendFactoids('a', 'FA1', 5)).rejects.toMatchObject({ code: 'bad-input' })
  await expect(ann.desk.sendFactoids('a', 'Fs1KWJrpLdfucvmYwN2nWrwepLn8ercpMbzXshd1g8zyhKXLVLWj', 5)).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('secret') })
  const own = (await ann.desk.credits())!.factoidAddress
  const [hash] = [await import('../../../src/records/index.ts').then(({ parseAddress }) => parseAddress(own))]
  if (!hash.ok) throw new Error(hash.reason)
  await ann.device.book.outbox.add('coins', { op: 1, body: { to: Buffer.from(hash.value.payload).toString('hex'), amount: 500 } }, ann.device.key.address, 'signed')
  await ann.block([bob])
  expect(await ann.desk.credits()).toMatchObject({ factoids: 500, credits: 0 })
  await ann.desk.sendFactoids('f', factoidAddress, 100)
  await ann.desk.sendFactoids('c', creditAddress, 41)
  await ann.desk.sendFactoids('t', bob.device.key.address, 70)
  await expect(ann.desk.sendFactoids('one', creditAddress, 1)).rejects.toMatchObject({ code: 'bad-input' })
  await expect(ann.desk.sendFactoids('much', factoidAddress, 200)).rejects.toMatchObject({ code: 'too-large' })
  await ann.blocks(3, [bob])
  expect((await ann.desk.credits())!).toMatchObject({
    factoids: 500 - 100 - 41 - 70 - 3 * 24,
    sending: [{ kind: 'send', coins: 100, stage: 'included' }, { kind: 'buy-credits', credits: 20, stage: 'included' }, { kind: 'to-account', coins: 70, stage: 'included' }],
  })
  expect(await bob.desk.credits()).toMatchObject({ factoids: 100, credits: 20 })
  expect(await bob.device.balance()).toBe(80)
  await new Promise(done => { setTimeout(done, 5) }) // the wallet is told a moment later
  expect(ann.device.wallet.rows).toMatchObject([{ kind: 'sent', amount: 500, other: own }])
  const [row] = bob.device.wallet.rows
  expect(row).toMatchObject({ kind: 'received', amount: 70, fee: 0, other: own, block: 4 })
  expect(await bob.device.book.proveRow(row!.id)).toMatchObject({ root: bob.ledger.head.root, number: 4, index: null })
  await bob.hours(25)
  await bob.hours(1.1) // its hour is closed
  await expect(bob.device.book.proveRow(row!.id)).rejects.toMatchObject({ code: 'not-found' })
})

test('a thousand at once are taken in, in a few writes, and no more are signed than blocks take soon', async () => {
  const ann = await run('ann', await recordNetwork({ ann: 10_000 }))
  await ann.buy(1_100)
  const before = ann.disk.writes
  await Promise.all(Array.from({ length: 1_000 }, async (_, i) => await ann.desk.record(`${i}`, i === 0 ? first('log') : further('log', `${i}`))))
  expect(ann.disk.writes - before).toBeLessThanOrEqual(4)
  await ann.block()
  await ann.settle()
  expect(ann.offered.size).toBe(1 + 127) // the reveal of the first, commits of those behind it
  expect(ann.sending.filter(({ stage }) => stage === 'local')).toHaveLength(500 - 128)
}, 20_000) // some three hundred signatures and checks of them

test('a purchase that the account cannot pay is refused, and one whose coins go elsewhere fails', async () => {
  const ann = await run('ann', await recordNetwork({ ann: 100 }))
  await expect(ann.desk.buyCredits('a', 40)).rejects.toMatchObject({ code: 'too-large', data: { coins: 2 * 52 + 10, spare: 100 } })
  await expect(ann.desk.buyCredits('a', 0)).rejects.toMatchObject({ code: 'bad-input' })
  await ann.desk.buyCredits('a', 30)
  await ann.desk.buyCredits('a', 30)
  await expect(ann.desk.buyCredits('b', 30)).rejects.toMatchObject({ code: 'too-large' })
  await ann.desk.record('r', first('log')) // of credits that are on their way
  await ann.settle()
  expect(ann.sending).toMatchObject([{ stage: 'offered' }])
  await ann.blocks(4)
  expect(await ann.chain('log')).toEqual([''])
  expect(await ann.desk.credits()).toMatchObject({ factoids: 0, credits: 19 })
  expect(await ann.device.balance()).toBe(100 - 10 - 84)
})
