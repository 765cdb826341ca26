import type { Key, OracleRules, Pool } from '../oracle-ranking/rules.ts'

const origin = { assumption: 'random' }
const localized = (text: string) => ({ 'zh-CN': text, en: text })

/** Round rules as a whole document: YAML, one line for each part. */
export function rulesText(rules: OracleRules): string {
  const { scoreLine, gate, order, zone } = rules
  const document = {
    rules: 'random/2026',
    scheme: { scheme: 'random', version: '2026' },
    asOf: '2026-06-30',
    sources: {},
    total: 'settlement',
    ...(zone !== null && { zone }),
    ...(scoreLine !== null
      ? { scoreLine: { atLeast: scoreLine, ...origin } }
      : { ...(gate !== null && { gate: { atLeast: gate, ...origin } }), order: order.map(orderKey), ...places(rules) }),
  }
  return Object.entries(document)
    .map(([part, value]) => `${part}: ${JSON.stringify(value)}\n`)
    .join('')
}

const orderKey = (key: Key) => ({ ...key, ...origin })

function places({ unit, hasPools, pools, secondRound, line, straddle, reserve }: OracleRules) {
  const draw = {
    series: localized('random'),
    numbers: [
      { count: '3', from: '1', to: '33', order: 'ascending' },
      { count: '1', from: '1', to: '16', order: 'drawn' },
    ],
    ...origin,
  }
  return {
    quota: {
      unit,
      decision: { number: '1', body: localized('random') },
      capacityBasis: localized('random'),
      ...origin,
      ...(hasPools
        ? { pools: pools.map(pool => ({ pool: pool.pool, name: localized(pool.pool), ...placesOf(pool), ...origin })) }
        : placesOf(pools[0] as Pool)),
      ...(secondRound && {
        secondRound: {
          overAtMost: { percent: secondRound.percent, rounding: secondRound.rounding },
          atRoom: secondRound.atRoom,
          ...origin,
        },
      }),
    },
    line: { rule: line, ...(line === 'lot' && { draw }), ...origin },
    ...(straddle && { straddle: { rule: straddle, ...origin } }),
    ...(reserve !== null && { reserve: { places: String(reserve), ...origin } }),
  }
}

function placesOf({ places, carriedOver }: Pool) {
  const carried = carriedOver.map((more, i) => ({ places: String(more), from: String(2015 + i), ...origin }))
  return { places: String(places), ...(carried.length > 0 && { carriedOver: carried }) }
}
