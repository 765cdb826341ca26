import type { EvidenceRecord } from '../evidence/facts.ts'
import { formatIn, formatMeasure } from '../measures/format.ts'
import { type Evaluation, type Measure, type MeasureValue, take } from '../measures/measure.ts'
import { codesUnit, type KindDefinition, type Unit } from '../vocabulary.ts'
import { type Code, ordinary } from './code.ts'

/** What a node reads: a measure of the applicant or, inside `each`, an attribute of the record at hand. */
export type Reading = {
  name: string
  unit: Unit
  /** The codes that it can give, if that is known. */
  codes?: ReadonlySet<string>
  /** Measures behind it: one, or none for an attribute. */
  measures: readonly Measure[]
  /** The key under which generated source may keep what it worked out from it; undefined for what changes from record to record. */
  key: unknown
  take(evaluation: Evaluation): MeasureValue | undefined
  /** The expression of its value in generated source. */
  emit(code: Code): string
  format(value: MeasureValue): string | string[]
}

export function measureReading(measure: Measure): Reading {
  return {
    name: measure.name,
    unit: measure.definition.unit,
    ...(measure.codes && { codes: measure.codes }),
    measures: [measure],
    key: measure,
    take: evaluation => take(measure, evaluation),
    emit: code => code.measure(measure),
    format: value => formatMeasure(measure, value),
  }
}

/** An attribute of the record that `each` looks at; undefined if the kind has none of that name. Every record has all its attributes. */
export function attributeReading(kind: KindDefinition, name: string): Reading | undefined {
  const attribute = kind.attributes.get(name)
  if (!attribute) return undefined
  const record = (evaluation: Evaluation) => evaluation.record as EvidenceRecord
  if (attribute.codes)
    return {
      name,
      unit: unitOfCodes,
      codes: new Set(attribute.codes.keys()),
      measures: [],
      key: undefined,
      take: evaluation => [record(evaluation).codes[name] as string],
      emit: code => `[${code.record}.codes[${JSON.stringify(name)}]]`,
      format: value => [...(value as readonly string[])],
    }
  const unit = attribute.unit as Unit
  return {
    name,
    unit,
    measures: [],
    key: undefined,
    take: evaluation => record(evaluation).amounts[name],
    emit(code) {
      const amount = code.local(`${code.record}.amounts[${JSON.stringify(name)}]`)
      code.line(`if (${amount} > ${ordinary}) return undefined`)
      return amount
    },
    format: value => formatIn(unit, value as number),
  }
}

/** Reads a value into a local; where evidence is missing the source leaves. */
export function emitKnown(code: Code, reading: Reading): string {
  const value = code.local(reading.emit(code))
  if (reading.measures.length > 0) code.line(`if (${value} === undefined) ${code.leave}`)
  return value
}

/** The unit of lists of codes. */
const unitOfCodes: Unit = { name: codesUnit, title: { 'zh-CN': '类别', en: 'codes' }, scale: 0 }
