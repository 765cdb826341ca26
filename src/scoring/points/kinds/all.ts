import type { NodeKind } from '../../scheme/compilation.ts'
import { bands } from './bands.ts'
import { choice } from './choice.ts'
import { deduct, highest, sum } from './combine.ts'
import { constant } from './constant.ts'
import { decide } from './decide.ts'
import { limit } from './limit.ts'
import { rate } from './rate.ts'
import { round } from './rounding-step.ts'

/** Every kind of node. A new rule form is a new file beside this one and a line here. */
// biome-ignore lint/suspicious/noExplicitAny: each kind knows the type of its own source
export const nodeKinds: readonly NodeKind<any>[] = [constant, rate, bands, choice, sum, highest, limit, round, deduct, decide]
