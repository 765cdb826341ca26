import { formatDate, formatMonth } from '../values/civil-date.ts'
import { formatDecimal } from '../values/decimal.ts'
import type { EvidenceRecord, Facts } from './evidence/facts.ts'
import { type Explanation, explanationFormat, type ItemExplanation, type MeasureExplanation, type TotalExplanation } from './explanation.ts'
import { formatMeasure } from './measures/format.ts'
import { type Evaluation, type Measure, take } from './measures/measure.ts'
import { pointsText, type Reached, roundingOf } from './reach.ts'
import { toScale } from './scheme/scale.ts'
import type { Item, Scheme, Total } from './scheme/scheme.ts'
import { type Points, type Score, type Scorer, withinRange } from './score.ts'
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
    return { gate, title, rule, passed: require.answer, require }
  })
  const freezes = scheme.freezes.map(({ freeze, title, rule, condition }) => {
    const when = condition.explain(evaluation)
    return { freeze, title, rule, holds: when.answer, when }
  })
  const items = scheme.items.map((item, i) => explainItem(item, evaluation.item(i)))
  const totals = scheme.totals.map((total, i) => explainTotal(total, evaluation.total(i), score.totals[i] as Points))
  const used = new Set(
    [...scheme.gates, ...scheme.freezes]
      .flatMap(({ condition }) => condition.measures)
      .concat([...scheme.items, ...scheme.totals].flatMap(({ node }) => node.measures)),
  )
  const measures = Object.fromEntries([...used].map(measure => [measure.name, explainMeasure(scheme, measure, evaluation)]))
  return {
    score,
    explanation: {
      format: explanationFormat,
      scheme: { scheme: scheme.scheme, version: scheme.version, digest: scheme.digest },
      asOf: formatDate(scorer.asOf),
      gates,
      freezes,
      items,
      totals,
      measures,
    },
  }
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

function explainTotal(total: Total, reached: Reached, { known }: Points): TotalExplanation {
  const { low } = reached.explained
  const raised = reached.points !== null && total.floor !== undefined && (!low || toScale(low, total) < total.floor)
  return {
    total: total.total,
    title: total.title,
    points: pointsText(reached.points, total.scale),
    possible: pointsText(total.possible, total.scale),
    known,
    rounding: roundingOf(total, reached),
    steps: reached.explained.tree,
    raisedTo: raised ? formatDecimal(total.floor as number, total.scale) : null,
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
