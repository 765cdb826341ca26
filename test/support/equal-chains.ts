import { createPlacement } from '../../src/ranking/placement.ts'
import { DrawnEntries, DrawnGroup } from '../../src/round/drawn-groups.ts'
import { lottery as lotteryOfVerifier } from '../../src/verifying/lottery.ts'
import { createRecomputePass } from '../../src/verifying/recompute-pass.ts'
import type { VerifyContext } from '../../src/verifying/stored.ts'

/*
 * A program of its own, so that it can be given little memory: ranks and verifies so many applications that are all equal, half of whom a lot places.
 * It writes how many the ranking placed and what the verifier found against them.
 */

const heads = Number(process.argv[2])
const lottery = { secret: Buffer.alloc(16, 7), draw: '1,5,9' }
const rules = {
  ...{ pools: [{ pool: '', places: heads / 2, own: heads / 2, where: null }], secondRound: null, line: 'lot' as const },
  ...{ straddle: null, reserve: heads / 4 },
}
const publicNumber = (i: number) => `ABCD-EFGH-${String(i).padStart(7, '0')}`

const group = new DrawnGroup(lottery)
for (let application = 0; application < heads; application++)
  group.add({ application, pool: 0, weight: 1, publicNumber: publicNumber(application) })
const placement = createPlacement(rules)
const placed = placement.place([1], group)
const drawn = new DrawnEntries()
for (let i = 0; i < heads; i++) {
  const { outcome, reserve, lot } = placed.at(i) ?? {}
  if (outcome === undefined || !lot) throw new Error('everybody carries a lot')
  drawn.add({ application: group.applicationAt(i), outcome, reserve: reserve ?? null, lot })
}

const found = new Map<string, number>()
const run = { lotSecret: lottery.secret.toString('hex'), draw: lottery.draw, pools: [], secondRound: null, eligible: 0, admitted: 0 }
const context = {
  ...{
    ...rules,
    run,
    hasPools: false,
    order: [{ names: 'total', direction: 'desc' }],
    unit: 'applicants',
    decides: 'ranking',
    hasClaims: true,
  },
} as unknown as VerifyContext
if (lotteryOfVerifier(run.lotSecret, run.draw) === null) throw new Error('the verifier has no lottery')
const pass = createRecomputePass(context, new Set(), code => found.set(code, (found.get(code) ?? 0) + 1))
for (const { application, outcome, reserve, lot } of drawn)
  pass.row({
    ...{ application, publicNumber: publicNumber(application), pool: null, persons: null, chain: [1] },
    standing: { pool: null, rank: 1, outcome, reserve, lot },
  })
pass.end()
found.delete('R11') // the run has no figures here
console.log(JSON.stringify({ admitted: placement.summary().pools[0]?.admitted, found: Object.fromEntries(found) }))
