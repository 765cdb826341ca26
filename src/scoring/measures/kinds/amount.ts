import type { Static } from 'typebox'
import { Name, strict } from '../../document-parts.ts'
import type { EvidenceRecord } from '../../evidence/facts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { amountUnit } from '../amounts.ts'
import { choiceOf } from '../choice-of.ts'
import { compileSelection, selectionFields, withKind } from '../selection.ts'

const schema = strict({ ...selectionFields, amount: Name, take: choiceOf('highest', 'lowest', 'first', 'last') })

/** One amount of the records that touch the window; of several that begin on the first or last day the highest. 0 if there is none. */
export const amount: MeasureKind<Static<typeof schema>> = {
  name: 'amount',
  schema,
  compile(source, place, compilation) {
    const selection = compileSelection(source, place, compilation)
    const unit = selection && amountUnit(selection.kind, source.amount, inside(place, 'amount'), compilation)
    if (!selection || !unit) return undefined
    const byDay = source.take === 'first' || source.take === 'last'
    if (byDay && selection.kind.shape === 'trait')
      return compilation.error(
        'unit-mismatch',
        inside(place, 'take').pointer,
        `${source.of} is a trait and has no date; take the highest or lowest`,
      )
    const amountOf = (record: EvidenceRecord) => record.amounts[source.amount] as number
    const isBefore: { [take in typeof source.take]: (a: EvidenceRecord, b: EvidenceRecord) => boolean } = {
      highest: (a, b) => amountOf(a) > amountOf(b),
      lowest: (a, b) => amountOf(a) < amountOf(b),
      first: (a, b) => a.from < b.from || (a.from === b.from && amountOf(a) > amountOf(b)),
      last: (a, b) => a.from > b.from || (a.from === b.from && amountOf(a) > amountOf(b)),
    }
    const taken = (records: readonly EvidenceRecord[]): EvidenceRecord | undefined => {
      let best = records[0]
      for (const record of records) if (isBefore[source.take](record, best as EvidenceRecord)) best = record
      return best
    }
    return {
      unit,
      kinds: selection.kinds,
      compute(evaluation) {
        const records = selection.records(evaluation)
        const record = records && taken(records)
        return record ? amountOf(record) : records && 0
      },
      records(evaluation) {
        const record = taken(selection.records(evaluation) ?? [])
        return withKind(selection, record ? [record] : [])
      },
    }
  },
}
