import Type, { type Static } from 'typebox'
import { plus } from '../../../values/decimal.ts'
import { Name, strict } from '../../document-parts.ts'
import type { EvidenceRecord } from '../../evidence/facts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { amountUnit, checkEvents, compileLimits, Limits, yearSums } from '../amounts.ts'
import { compileSelection, selectionFields, used } from '../selection.ts'

const schema = strict({ ...selectionFields, amount: Name, perRecord: Type.Optional(Limits), perYear: Type.Optional(Limits) })

/** The sum of an amount over the events in the window. Each record, and then each calendar year's sum, may be brought down first. */
export const sum: MeasureKind<Static<typeof schema>> = {
  name: 'sum',
  schema,
  compile(source, place, compilation) {
    const selection = compileSelection(source, place, compilation)
    if (!selection || !checkEvents(selection, place, compilation)) return undefined
    const unit = amountUnit(selection.kind, source.amount, inside(place, 'amount'), compilation)
    if (!unit) return undefined
    const ofRecord = compileLimits(source.perRecord, unit, inside(place, 'perRecord'), compilation)
    const ofYear = compileLimits(source.perYear, unit, inside(place, 'perYear'), compilation)
    const amountOf = (record: EvidenceRecord): number => {
      const amount = record.amounts[source.amount] as number
      return ofRecord ? ofRecord(amount) : amount
    }
    return {
      unit,
      kinds: selection.kinds,
      compute(evaluation) {
        const records = selection.records(evaluation)
        if (!records) return undefined
        let total = 0
        if (ofYear) for (const year of yearSums(records, amountOf)) total = plus(total, ofYear(year))
        else for (const record of records) total = plus(total, amountOf(record))
        return total
      },
      records: evaluation => used(selection, evaluation),
    }
  },
}
