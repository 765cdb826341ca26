import type { OrderKey } from '../ranking/order-keys.ts'
import { createOracle, type TermKey } from '../verifying/oracle-judge.ts'
import type { KeyName, VerifyContext } from '../verifying/stored.ts'
import type { Judge } from './standing.ts'

type OfRules =
  | 'decides'
  | 'order'
  | 'hasPools'
  | 'pools'
  | 'unit'
  | 'line'
  | 'straddle'
  | 'secondRound'
  | 'reserve'
  | 'items'
  | 'total'
  | 'atLeast'
  | 'zone'
  | 'drawForm'
  | 'oracle'

/** Scheme and round rules in the words of the verifier, which knows neither the scoring nor the ranking. */
export function verifierRules(judge: Judge, asOf: string): Pick<VerifyContext, OfRules> {
  const { scheme, rules } = judge
  const total = scheme.totals[judge.total] as (typeof scheme.totals)[number]
  const { decides, hasPools, unit, straddle, secondRound, reserve, zone } = rules
  return {
    decides,
    hasPools,
    unit,
    straddle,
    secondRound,
    reserve,
    zone,
    order: rules.order.map(key => ({ names: nameOf(key, judge), direction: key.direction })),
    // Where a score line decides nothing is filled, and all stand in one pool without a name.
    pools: decides === 'score-line' ? [{ pool: '', places: 0, own: 0 }] : rules.pools,
    line: rules.line ?? 'admit-all',
    items: scheme.items.map(({ item, scale }) => ({ id: item, scale })),
    total: { items: total.sumOf ?? null, scale: total.scale, rounding: total.rounding, floor: total.floor ?? null },
    atLeast: judge.gateAtLeast,
    drawForm:
      rules.document.line?.draw?.numbers.map(({ count, from, to, order }) => ({
        count: Number(count),
        from: Number(from),
        to: Number(to),
        order,
      })) ?? null,
    oracle: createOracle(
      { scheme: scheme.text, vocabulary: scheme.vocabulary.text },
      { asOf, total: rules.total, atLeast: rules.gateAtLeast, order: rules.order.map((key, i) => termOf(key, i, judge)), zone },
    ),
  }
}

function nameOf(key: OrderKey, { scheme }: Judge): KeyName {
  if (key.key === 'total') return 'total'
  if (key.key === 'submission') return { submission: key.to }
  return key.key === 'item' ? { item: scheme.items.findIndex(({ item }) => item === key.of) } : 'measure'
}

function termOf(key: OrderKey, i: number, { units }: Judge): TermKey {
  if (key.key === 'total' || key.key === 'submission') return key
  const unit = units[i]
  return key.key === 'measure'
    ? { key: 'measure', of: key.of, scale: unit?.kind === 'decimal' ? unit.scale : 0 }
    : { key: key.key, of: key.of }
}
