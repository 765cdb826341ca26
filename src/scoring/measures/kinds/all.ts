import type { MeasureKind } from '../../scheme/compilation.ts'
import { age } from './age.ts'
import { difference, least, wholeYears } from './derived.ts'
import { count, sum, yearsWith } from './events.ts'
import { codes, covers, earliest } from './holdings.ts'
import { months } from './months.ts'
import { overlap } from './overlap.ts'

/** Every kind of measure. A new way to count time is a new file beside this one and a line here. */
// biome-ignore lint/suspicious/noExplicitAny: each kind knows the type of its own source
export const measureKinds: readonly MeasureKind<any>[] = [
  age,
  months,
  wholeYears,
  overlap,
  least,
  difference,
  sum,
  count,
  yearsWith,
  codes,
  covers,
  earliest,
]
