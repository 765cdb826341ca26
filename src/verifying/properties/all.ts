import type { Find } from '../findings.ts'
import type { InputProperty, RankProperty } from '../property.ts'
import type { VerifyContext } from '../stored.ts'
import { admission } from './admission.ts'
import { applications } from './applications.ts'
import { counts } from './counts.ts'
import { eligibility } from './eligibility.ts'
import { inputs } from './inputs.ts'
import { line } from './line.ts'
import { lots } from './lots.ts'
import { order } from './order.ts'
import { persons } from './persons.ts'
import { rescoring } from './rescoring.ts'
import { totals } from './totals.ts'

/** Every property of docs/ranking.md. A new one is a file beside this one and a word in one of the two lists. */
export const inputProperties: readonly ((context: VerifyContext, find: Find) => InputProperty)[] = [
  applications,
  persons,
  inputs,
  totals,
  eligibility,
  counts,
  rescoring,
]
export const rankProperties: readonly ((context: VerifyContext, find: Find) => RankProperty)[] = [order, admission, lots, line]
