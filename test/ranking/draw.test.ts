import t from 'tap'
import { drawText, readDraw } from '../../src/ranking/draw.ts'
import { readRules } from '../../src/ranking/rules.ts'
import { parseDate } from '../../src/values/civil-date.ts'
import { Refusal } from '../../src/values/refusal.ts'
import { everyPart } from './rules-document.ts'

const rules = readRules(everyPart)
// In the zone of the rules this is the 29th.
const frozenAt = Date.parse('2026-11-28T16:30:00Z')
const numbers = [1, 5, 9, 20, 32, 33, 7, 7]

function refusals(heldOn: string, numbers: number[]): string[] {
  try {
    readDraw(rules, frozenAt, { heldOn, numbers })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    t.equal(error.code, 'invalid-draw')
    return error.faults.map(({ code, pointer }) => `${code} ${pointer}`)
  }
  return []
}

t.test('a draw gives its day and its text', async t => {
  t.same(readDraw(rules, frozenAt, { heldOn: '2026-11-30', numbers }), { heldOn: parseDate('2026-11-30'), text: '1,5,9,20,32,33,7,7' })
  t.equal(drawText(rules, numbers), '1,5,9,20,32,33,7,7')
})

const table: [name: string, heldOn: string, numbers: number[], expected: string[]][] = [
  ['held on the day of the freeze', '2026-11-29', numbers, ['draw-too-early /heldOn']],
  ['held before it', '2026-11-01', numbers, ['draw-too-early /heldOn']],
  ['held on no day', '2026-11-31', numbers, ['impossible-date /heldOn']],
  ['too few numbers', '2026-11-30', numbers.slice(1), ['wrong-count /numbers']],
  ['too many', '2026-11-30', [...numbers, 1], ['wrong-count /numbers']],
  [
    'beyond the range',
    '2026-11-30',
    [0, 5, 9, 20, 32, 34, 7, 10],
    ['out-of-range /numbers/0', 'out-of-range /numbers/5', 'out-of-range /numbers/7'],
  ],
  ['a fraction', '2026-11-30', [1.5, 5, 9, 20, 32, 33, 7, 7], ['out-of-range /numbers/0']],
  ['not ascending', '2026-11-30', [5, 1, 9, 9, 32, 33, 7, 7], ['not-ascending /numbers/1', 'not-ascending /numbers/3']],
  ['all at once', '2026-11-29', [], ['wrong-count /numbers', 'draw-too-early /heldOn']],
]
for (const [name, heldOn, numbers, expected] of table) {
  t.test(`refused: ${name}`, async t => {
    t.same(refusals(heldOn, numbers), expected)
  })
}
t.throws(() => drawText(rules, [1]), { code: 'invalid-draw' })
