import { formatDate, formatMonth } from '../../values/civil-date.ts'
import { formatDecimal } from '../../values/decimal.ts'
import { type KindDefinition, ofMonths } from '../vocabulary.ts'
import type { EvidenceRecord } from './facts.ts'

/** A record as it goes into an explanation: its time, its source, and its attributes as texts. */
export type DescribedRecord = {
  kind: string
  source: string
  state: string
  from: string | null
  to: string | null
  [attribute: string]: string | null
}

export function describe(kind: KindDefinition, record: EvidenceRecord): DescribedRecord {
  const moment = (value: number) => (!Number.isFinite(value) ? null : ofMonths(kind) ? formatMonth(value) : formatDate(value))
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
