import type { Tree } from '../../../src/values/document.ts'
import { node } from './nodes.ts'
import { amount, bounds, type Map_, type Pool, type Reading } from './pool.ts'

/* A random condition of each form. */

export function condition(pool: Pool, depth: number, readings: readonly Reading[] = pool.measures, inEach = false): Tree {
  const { random } = pool
  const nested = () => condition(pool, depth - 1, readings, inEach)
  const several = () => Array.from({ length: 1 + random.below(3) }, nested)
  const forms: (() => Tree | undefined)[] = [
    () => measured(pool, readings),
    () => measured(pool, readings),
    () => measured(pool, readings),
    () => ({ date: random.pick(pool.dates), ...pool.span() }),
    () => chosen(pool),
    ...(depth > 0
      ? [
          () => ({ value: node(pool, { depth: depth - 1, positive: false, readings, inEach }), ...bounds(random, 2, true, figure) }),
          () => ({ all: several() }),
          () => ({ any: several() }),
          () => ({ not: nested() }),
        ]
      : []),
  ]
  const figure = () => random.pick(['0', '1', '2', '2.5', '3', '10', '-1', '-0.5', '0.25'])
  for (;;) {
    const made = random.pick(forms)()
    if (made) return made
  }
}

function measured(pool: Pool, readings: readonly Reading[]): Tree | undefined {
  const { random } = pool
  if (readings.length === 0) return undefined
  const { name, unit, codes } = random.pick(readings)
  switch (unit.name) {
    case 'yes-no':
      return { measure: name, is: random.pick(['yes', 'no']) }
    case 'date':
      return { measure: name, ...pool.span() }
    case 'codes': {
      const test: Map_ = { [random.pick(['is', 'holds'])]: random.pick(codes as readonly string[]) }
      return { measure: name, ...test }
    }
    default:
      return { measure: name, ...bounds(random, unit.scale, true, () => amount(random, unit.scale)) }
  }
}

function chosen(pool: Pool): Tree | undefined {
  const items = [...pool.choices]
  if (items.length === 0) return undefined
  const [item, rows] = pool.random.pick(items)
  return { chosen: { item, row: pool.random.pick(rows) } }
}
