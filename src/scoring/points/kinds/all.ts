import type { NodeKind } from '../../scheme/compilation.ts'
import { bands } from './bands.ts'
import { choice } from './choice.ts'
import { deduct, highest, lowest, sum } from './combine.ts'
import { constant } from './constant.ts'
import { decide } from './decide.ts'
import { each } from './each.ts'
import { limit } from './limit.ts'
import { percent } from './percent.ts'
import { rate } from './rate.ts'
import { items, total } from './references.ts'
import { round } from './rounding-step.ts'
import { share } from './share.ts'
import { table } from './table.ts'

/** Every kind of node. A new rule form is a new file beside this one and a line here. */
// biome-ignore lint/suspicious/noExplicitAny: each kind knows the type of its own source
export const nodeKinds: readonly NodeKind<any>[] = [
  constant,
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
