import { formatDate, formatMonth } from '../values/civil-date.ts'
import { formatDecimal } from '../values/decimal.ts'
import { formatRational, reduce } from '../values/rational.ts'
import type { EvidenceRecord, Facts } from './evidence/facts.ts'
import {
  type Answer,
  type Explanation,
  explanationFormat,
  type ItemExplanation,
  type MeasureExplanation,
  type TotalExplanation,
} from './explanation.ts'
import { formatMeasure } from './measures/format.ts'
import { type Evaluation, type Measure, take } from './measures/measure.ts'
import type { Item, Scheme, Total } from './scheme/scheme.ts'
import { finest, type Known, type Points, rounded, type Score, type Scorer, sumOfItems, withinRange } from './score.ts'
import type { KindDefinition } from './vocabulary.ts'

/** The whole way from the evidence to the totals, as a typed tree. Its points are those that `score` gives. */
export function explain(scorer: Scorer, facts: Facts): { score: Score; explanation: Explanation } {
  return withinRange(() => explained(scorer, facts))
}

function explained(scorer: Scorer, facts: Facts): { score: Score; explanation: Explanation } {
  const { scheme } = scorer
  const score = scorer.score(facts)
  const evaluation = scorer.evaluation(facts)
  const gates = scheme.gates.map(({ gate, title, rule, condition }) => {
    const require = condition.explain(evaluation)
    return { gate, title, rule, passed: require.answer as Answer, require }
  })
  const items = scheme.items.map((item, i) => explainItem(item, score.items[i] as Points, evaluation))
  const totals = scheme.totals.map((total, i) => explainTotal(scheme, total, score.totals[i] as Points, score.items))
  const used = new Set([...scheme.gates.flatMap(gate => gate.condition.measures), ...scheme.items.flatMap(item => item.node.measures)])
  const measures = Object.fromEntries([...used].map(measure => [measure.name, explainMeasure(scheme, measure, evaluation)]))
  return {
    score,
    explanation: {
      format: explanationFormat,
      scheme: { scheme: scheme.scheme, version: scheme.version, digest: scheme.digest },
      asOf: formatDate(scorer.asOf),
      gates,
      items,
      totals,
      measures,
    },
  }
}

function explainItem(item: Item, points: Points, evaluation: Evaluation): ItemExplanation {
  const { low, tree } = item.node.explain(evaluation)
  const before = low && points.points !== null ? formatRational(low) : null
  return {
    item: item.item,
    title: item.title,
    rule: item.rule,
    points: text(points, item.scale),
    possible: item.possible === undefined ? null : formatDecimal(item.possible, item.scale),
    known: points.known,
    rounding: item.rounding === 'none' || before === null ? null : { mode: item.rounding, scale: item.scale, before },
    steps: tree,
  }
}

function explainTotal(scheme: Scheme, total: Total, points: Points, items: readonly Points[]): TotalExplanation {
  const sum = sumOfItems(scheme, total, items)
  const raised = sum !== null && total.atLeast !== undefined && rounded(total, sum) < total.atLeast
  return {
    total: total.total,
    title: total.title,
    points: text(points, total.scale),
    possible: total.possible === undefined ? null : formatDecimal(total.possible, total.scale),
    known: points.known as Known,
    items: total.items.map(i => (scheme.items[i] as Item).item),
    rounding:
      total.rounding === 'none' || sum === null
        ? null
        : { mode: total.rounding, scale: total.scale, before: formatRational(reduce(sum, 10 ** finest)) },
    raisedTo: raised ? formatDecimal(total.atLeast as number, total.scale) : null,
  }
}

function explainMeasure(scheme: Scheme, measure: Measure, evaluation: Evaluation): MeasureExplanation {
  const value = take(measure, evaluation)
  const attested = evaluation.facts.attested.get(measure.name)
  return {
    title: measure.definition.title,
    unit: measure.definition.unit.name,
    value: value === undefined ? null : formatMeasure(measure, value),
    rule: measure.rule,
    attested: attested ? { source: attested.source, state: attested.state } : null,
    evidence: attested
      ? []
      : unique(measure.records(evaluation)).map(({ kind, record }) =>
          describe(scheme.vocabulary.kinds.get(kind) as KindDefinition, record),
        ),
  }
}

function describe(kind: KindDefinition, record: EvidenceRecord): MeasureExplanation['evidence'][number] {
  const moment = (value: number) =>
    !Number.isFinite(value) ? null : kind.shape === 'span' && kind.grain === 'month' ? formatMonth(value) : formatDate(value)
  const amounts = Object.entries(record.amounts).map(([name, amount]) => [
    name,
    formatDecimal(amount, kind.attributes.get(name)?.unit?.scale ?? 0),
  ])
  return {
    kind: kind.name,
    source: record.source,
    state: record.state,
    from: moment(record.from),
    to: moment(record.to),
    ...record.codes,
    ...Object.fromEntries(amounts),
  }
}

function unique(records: readonly { kind: string; record: EvidenceRecord }[]): { kind: string; record: EvidenceRecord }[] {
  return [...new Map(records.map(one => [one.record, one])).values()]
}

function text(points: Points, scale: number): string | null {
  return points.points === null ? null : formatDecimal(points.points, scale)
}
