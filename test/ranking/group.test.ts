import t from 'tap'
import { everyPosition, Lots } from '../../src/ranking/group.ts'
import { LotSheet } from '../../src/verifying/lot-sheet.ts'
import { randomFrom } from '../support/random-facts.ts'

t.test('lots are in the order of all their bytes, however many of the first are the same', async t => {
  const seed = Date.now() & 0x7fffffff
  t.comment(`seed ${seed}`)
  const random = randomFrom(seed)
  for (let round = 0; round < 200; round++) {
    const same = random.below(32)
    const lots = Array.from({ length: 1 + random.below(40) }, (_, i) => {
      const lot = Buffer.alloc(32, 0x9a)
      for (let at = same; at < 31; at++) lot[at] = random.below(4) * 85
      lot[31] = i
      return lot
    })
    const right = [...lots.keys()].sort((a, b) => (lots[a] as Buffer).compare(lots[b] as Buffer))
    const group = lots.map(lot => ({ pool: 0, weight: 1, lot: () => lot }))
    const byCraft = new Lots(group)
    const byVerifier = new LotSheet(lots.length, i => lots[i] as Buffer)
    const last = Uint32Array.of(lots.length - 1)
    t.same([...byCraft.sorted(last)], [...last], 'one alone')
    t.equal(byCraft.shown(0) === null, lots.length > 1, 'nobody carries a lot that was not asked for')
    t.same([...byCraft.sorted(everyPosition(group))], right)
    t.same([...byVerifier.draw(everyPosition(group))], right)
    t.same(byCraft.shown(0), lots[0])
    t.same(byVerifier.drawn(0), lots[0])
  }
})
