import type { MeasureKind } from '../../scheme/compilation.ts'
import { added } from './added.ts'
import { age } from './age.ts'
import { amount } from './amount.ts'
import { codes } from './codes.ts'
import { count } from './count.ts'
import { covers } from './covers.ts'
import { difference } from './difference.ts'
import { earliest } from './earliest.ts'
import { greatest } from './greatest.ts'
import { latest } from './latest.ts'
import { least } from './least.ts'
import { months } from './months.ts'
import { overlap } from './overlap.ts'
import { sum } from './sum.ts'
import { wholeYears } from './whole-years.ts'
import { yearsWith } from './years-with.ts'

/** Every kind of measure. A new way to count time is a new file beside this one and a line here. */
// biome-ignore lint/suspicious/noExplicitAny: each kind knows the type of its own source
export const measureKinds: readonly MeasureKind<any>[] = [
  age,
  months,
  overlap,
  wholeYears,
  least,
  greatest,
  added,
  difference,
  count,
  sum,
  amount,
  yearsWith,
  codes,
  covers,
  earliest,
  latest,
]
