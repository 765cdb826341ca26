import type { NodeKind } from '../../scheme/compilation.ts'
import { bands } from './bands.ts'
import { choice } from './choice.ts'
import { decide } from './decide.ts'
import { deduct } from './deduct.ts'
import { each } from './each.ts'
import { highest } from './highest.ts'
import { items } from './items.ts'
import { limit } from './limit.ts'
import { lowest } from './lowest.ts'
import { percent } from './percent.ts'
import { points } from './points.ts'
import { rate } from './rate.ts'
import { round } from './round.ts'
import { share } from './share.ts'
import { sum } from './sum.ts'
import { table } from './table.ts'
import { total } from './total.ts'

/** Every kind of node. A new rule form is a new file beside this one and a line here. */
// biome-ignore lint/suspicious/noExplicitAny: each kind knows the type of its own source
export const nodeKinds: readonly NodeKind<any>[] = [
  points,
  rate,
  bands,
  table,
  choice,
  sum,
  highest,
  lowest,
  limit,
  round,
  percent,
  share,
  deduct,
  decide,
  each,
  items,
  total,
]
