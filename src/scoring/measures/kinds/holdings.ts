import Type, { type Static } from 'typebox'
import { firstDayOf, monthOf } from '../../../values/civil-date.ts'
import { Name, strict } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { codesUnit, dateUnit, yesNoUnit } from '../../vocabulary.ts'
import { inUnit, referenceDate } from '../measure.ts'
import { compileSelection, DateRef, used, Where } from '../selection.ts'

/*
 * Measures of what somebody has: the codes held on the reference date, a span that covers a date, the first date of all.
 */

const CodesSchema = strict({ of: Name, where: Type.Optional(Where), code: Name })

/** The codes of the records that hold on the reference date, each once. */
export const codes: MeasureKind<Static<typeof CodesSchema>> = {
  name: 'codes',
  schema: CodesSchema,
  compile(source, place, compilation) {
    const selection = compileSelection(source, place, compilation)
    if (!selection) return undefined
    if (!selection.kind.attributes.get(source.code)?.codes)
      compilation.error('unknown-name', inside(place, 'code').pointer, `${source.of} has no code "${source.code}"`)
    return {
      unit: inUnit(codesUnit),
      kinds: [selection.kind.name],
      codes: new Set(selection.kind.attributes.get(source.code)?.codes?.keys()),
      single: selection.kind.shape === 'trait',
      compute(evaluation) {
        const day = evaluation.dates[referenceDate] as number
        const now = selection.kind.shape === 'span' && selection.kind.grain === 'month' ? monthOf(day) : day
        const held = selection.records(evaluation)?.filter(record => record.to >= now || selection.kind.shape === 'event')
        return held && [...new Set(held.map(record => record.codes[source.code] as string))]
      },
      records: evaluation => used(selection, evaluation),
    }
  },
}

const CoversSchema = strict({ of: Name, where: Type.Optional(Where), on: Type.Optional(DateRef) })

/** Yes if a span or certificate covers the date. */
export const covers: MeasureKind<Static<typeof CoversSchema>> = {
  name: 'covers',
  schema: CoversSchema,
  compile(source, place, compilation) {
    const on = source.on ?? 'reference'
    const selection = compileSelection(
      { of: source.of, ...(source.where && { where: source.where }), window: { from: on, until: on } },
      place,
      compilation,
    )
    return (
      selection && {
        unit: inUnit(yesNoUnit),
        kinds: [selection.kind.name],
        compute(evaluation) {
          const records = selection.records(evaluation)
          return records && (records.length > 0 ? 1 : 0)
        },
        records: evaluation => used(selection, evaluation),
      }
    )
  },
}

const EarliestSchema = strict({ of: Name, where: Type.Optional(Where) })

/** The first date of all records; missing if there is none, since no date stands for "never". */
export const earliest: MeasureKind<Static<typeof EarliestSchema>> = {
  name: 'earliest',
  schema: EarliestSchema,
  compile(source, place, compilation) {
    const selection = compileSelection(source, place, compilation)
    if (!selection) return undefined
    if (selection.kind.shape === 'trait') {
      compilation.error('unit-mismatch', inside(place, 'of').pointer, `${source.of} is a trait and has no date`)
      return undefined
    }
    const inMonths = selection.kind.shape === 'span' && selection.kind.grain === 'month'
    return {
      unit: inUnit(dateUnit),
      kinds: [selection.kind.name],
      compute(evaluation) {
        const records = selection.records(evaluation)
        if (!records || records.length === 0) return undefined
        const first = records.reduce((least, record) => Math.min(least, record.from), Number.POSITIVE_INFINITY)
        return inMonths ? firstDayOf(first) : first
      },
      records: evaluation => used(selection, evaluation),
    }
  },
}
