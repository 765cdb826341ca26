import { formatDate } from '../values/civil-date.ts'
import { formatDecimal } from '../values/decimal.ts'
import { describe } from './evidence/describe.ts'
import type { EvidenceRecord, Facts } from './evidence/facts.ts'
import { type Explanation, explanationFormat, type ItemExplanation, type MeasureExplanation, type TotalExplanation } from './explanation.ts'
import { formatMeasure } from './measures/format.ts'
import { type Measure, take } from './measures/measure.ts'
import type { Measures } from './points/program.ts'
import { pointsText, type Reached, roundingOf, type Walk } from './reach.ts'
import { remembered } from './remembered.ts'
import { toScale } from './scheme/scale.ts'
import type { Item, Scheme, Total } from './scheme/scheme.ts'
import { type Score, type Scorer, withinRange } from './score.ts'
import type { KindDefinition } from './vocabulary.ts'

/** The whole way from the evidence to the totals, as a typed tree. Its points are those that `score` gives. */
export function explain(scorer: Scorer, facts: Facts): { score: Score; explanation: Explanation } {
  return withinRange(() => ({ score: scorer.score(facts), explanation: explained(scorer, scorer.evaluation(facts)) }))
}

/** The same from measures that are known already, without the evidence behind them. */
export function explainMeasures(scorer: Scorer, measures: Measures): Explanation {
  return withinRange(() => explained(scorer, scorer.evaluationOf(measures)))
}

/** Made once for a scheme: what it remembers does not depend on the reference date. */
type Explainer = (walk: Walk, asOf: string) => Explanation
const explainers = new WeakMap<Scheme, Explainer>()

function explained({ scheme, asOf }: Scorer, walk: Walk): Explanation {
  const explainer = explainers.get(scheme) ?? explainerOf(scheme)
  explainers.set(scheme, explainer)
  return explainer(walk, formatDate(asOf))
}

function explainerOf(scheme: Scheme): Explainer {
  const named = { scheme: scheme.scheme, version: scheme.version, digest: scheme.digest }
  const gates = scheme.gates.map(({ gate, title, rule, condition }) =>
    remembered(condition, walk => {
      const require = condition.explain(walk)
      return { gate, title, rule, passed: require.answer, require }
    }),
  )
  const freezes = scheme.freezes.map(({ freeze, title, rule, condition }) =>
    remembered(condition, walk => {
      const when = condition.explain(walk)
      return { freeze, title, rule, holds: when.answer, when }
    }),
  )
  // What an item came to is kept with its explanation, so that the totals need not walk it again.
  const items = scheme.items.map((item, i) =>
    remembered(item.node, walk => {
      const reached = walk.item(i)
      return { reached, explanation: explainItem(item, reached) }
    }),
  )
  const possible = scheme.totals.map(total => pointsText(total.possible, total.scale))
  const used = usedMeasures(scheme)
  const byName = mapOf<MeasureExplanation>(used.map(measure => measure.name))
  const measures = used.map(measure => ({ measure, plain: remembered({ measures: [measure] }, walk => explainMeasure(measure, walk)) }))
  return (walk, asOf) => {
    const explained = items.map((item, i) => {
      const { reached, explanation } = item(walk)
      walk.know(i, reached)
      return explanation
    })
    const explanations = measures.map(({ measure, plain }) =>
      walk.measuresOnly ? plain(walk) : { ...plain(walk), ...evidenceOf(scheme, measure, walk) },
    )
    return {
      format: explanationFormat,
      scheme: named,
      asOf,
      gates: gates.map(gate => gate(walk)),
      freezes: freezes.map(freeze => freeze(walk)),
      items: explained,
      totals: scheme.totals.map((total, i) => explainTotal(total, possible[i] as string | null, walk.total(i))),
      measures: byName(explanations),
    }
  }
}

/** Makes a map of values by fixed names. Written out as one literal it is made several times faster than name by name. */
function mapOf<Value>(names: readonly string[]): (values: readonly Value[]) => { [name: string]: Value } {
  const members = names.map((name, i) => `${JSON.stringify(name)}: v[${i}]`)
  return new Function('v', `return {${members.join(', ')}}`) as (values: readonly Value[]) => { [name: string]: Value }
}

/** Every measure that a gate, freeze, item or total reads, and those that these are made of. */
function usedMeasures(scheme: Scheme): Measure[] {
  const used = new Set<Measure>()
  const use = (measures: readonly Measure[]): void => {
    for (const measure of measures) {
      if (used.has(measure)) continue
      used.add(measure)
      use(measure.parts ?? [])
    }
  }
  for (const { condition } of [...scheme.gates, ...scheme.freezes]) use(condition.measures)
  for (const { node } of [...scheme.items, ...scheme.totals]) use(node.measures)
  for (const { same } of scheme.checks) use(same)
  return [...used]
}

function explainItem(item: Item, reached: Reached): ItemExplanation {
  return {
    item: item.item,
    title: item.title,
    rule: item.rule,
    points: pointsText(reached.points, item.scale),
    possible: pointsText(item.possible, item.scale),
    known: reached.known,
    rounding: roundingOf(item, reached),
    steps: reached.explained.tree,
  }
}

function explainTotal(total: Total, possible: string | null, reached: Reached): TotalExplanation {
  const { low } = reached.explained
  const raised = reached.points !== null && total.floor !== undefined && (!low || toScale(low, total) < total.floor)
  return {
    total: total.total,
    title: total.title,
    points: pointsText(reached.points, total.scale),
    possible,
    known: reached.known,
    rounding: roundingOf(total, reached),
    steps: reached.explained.tree,
    raisedTo: raised ? formatDecimal(total.floor as number, total.scale) : null,
  }
}

function explainMeasure(measure: Measure, walk: Walk): MeasureExplanation {
  const value = take(measure, walk)
  return {
    title: measure.definition.title,
    unit: measure.definition.unit.name,
    value: value === undefined ? null : formatMeasure(measure, value),
    rule: measure.rule,
    attested: null,
    evidence: [],
    leftOut: [],
  }
}

/** The records that a measure was taken from, or who attested it. */
function evidenceOf(scheme: Scheme, measure: Measure, walk: Walk): Pick<MeasureExplanation, 'attested' | 'evidence' | 'leftOut'> {
  const attested = walk.facts.attested.get(measure.name)
  if (attested) return { attested: { source: attested.source, state: attested.state }, evidence: [], leftOut: [] }
  const records = unique(measure.records(walk))
  const described = (kind: string, record: EvidenceRecord) => describe(scheme.vocabulary.kinds.get(kind) as KindDefinition, record)
  const counted = new Set(records.map(({ record }) => record))
  // A measure that is made of others tells nothing of its own: those tell what they left out.
  // A kind that only dates a window of the measure has nothing to be left out.
  const datesOnly = (kind: string) =>
    kind !== measure.kinds[0] && !records.some(record => record.kind === kind) && scheme.kindsOfDates.some(list => list.includes(kind))
  const kinds = measure.parts ? [] : measure.kinds.filter(kind => !datesOnly(kind))
  return {
    attested: null,
    evidence: records.map(({ kind, record }) => described(kind, record)),
    leftOut: kinds.flatMap(kind =>
      (walk.facts.kinds.get(kind) ?? []).filter(record => !counted.has(record)).map(record => described(kind, record)),
    ),
  }
}

function unique(records: readonly { kind: string; record: EvidenceRecord }[]): { kind: string; record: EvidenceRecord }[] {
  return [...new Map(records.map(one => [one.record, one])).values()]
}
