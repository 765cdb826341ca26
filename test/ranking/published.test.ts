import t from 'tap'
import { rulesInUnits } from '../../src/cli/scheme/round-cases.ts'
import { gateInUnits } from '../../src/ranking/gate.ts'
import { formatKeyValue, type KeyUnit } from '../../src/ranking/order-keys.ts'
import { rank } from '../../src/ranking/rank.ts'
import { readRules } from '../../src/ranking/rules.ts'
import { type PublishedRow, published2018, published2020 } from '../support/beijing.ts'
import { shippedScheme } from '../support/cases.ts'
import { schemeFile } from '../support/office.ts'

/*
 * The published totals of two years, ranked by the shipped rules: ranks, cut-off and number admitted are those that were published. The lists name only
 * who was admitted, so each is ranked once more with one who stands a hundredth below the last.
 */

const years: [place: string, rows: PublishedRow[] | undefined, admitted: number, cutOff: string][] = [
  ['beijing/2017', published2018(), 6019, '90.75'],
  ['beijing/2020', published2020(), 6032, '97.13'],
]

for (const [place, rows, admitted, cutOff] of years) {
  t.test(`${place}: the published totals`, async t => {
    if (!rows) return t.pass('NOT CHECKED: the published list does not lie beside the checkout')
    t.equal(rows.length, admitted)
    const rules = readRules(schemeFile(`${place}/rounds.yaml`))
    const { units, totalScale } = rulesInUnits(rules, shippedScheme(place))
    t.equal(gateInUnits(rules, totalScale), null)
    const total = (row: PublishedRow) => Number((row.total as string).replace('.', ''))
    const published = rows.map(row => ({ id: `row-${(row.order_no as string).padStart(6, '0')}`, chain: [total(row)] }))

    const text = (chain: readonly number[] | null | undefined) => chain?.map((value, i) => formatKeyValue(value, units[i] as KeyUnit))
    const listed = rank(published.toReversed(), rules)
    t.match(listed.summary.pools, [{ places: 6000, heads: admitted, admitted, unused: 0 }])
    t.same(text(listed.summary.pools[0]?.cutOff), [cutOff])
    t.same(
      listed.ranked.map(({ entry }) => entry),
      published,
      'in the published order',
    )

    const below = { id: 'below', chain: [total(rows.at(-1) as PublishedRow) - 1] }
    const { ranked, summary } = rank([below, ...published], rules)
    t.equal(summary.pools[0]?.admitted, admitted)
    t.equal(summary.pools[0]?.atLine, rows.filter(row => row.total === cutOff).length)
    t.match(ranked.at(-1), { entry: below, placed: { rank: admitted + 1, outcome: 'none' } })

    const better = new Map<number, number>()
    for (const [i, { chain }] of published.entries()) if (!better.has(chain[0] as number)) better.set(chain[0] as number, i)
    const ranks = ranked.slice(0, -1).map(({ placed }) => placed?.rank)
    t.same(
      ranks,
      published.map(({ chain }) => 1 + (better.get(chain[0] as number) as number)),
      'one more than the number of better totals',
    )
    // The list of 2018 gives the ranks of those within the places; those beyond are equal to the last of them. That of 2020 gives none.
    const given = rows.flatMap(row => (row.published_ranking ? [Number(row.published_ranking)] : []))
    t.equal(given.length, place === 'beijing/2017' ? 6000 : 0)
    t.same(ranks.slice(0, given.length), given, 'the published ranks')
  })
}
