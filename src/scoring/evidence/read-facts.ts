import { parseDate, parseMonth } from '../../values/civil-date.ts'
import { parseDecimal } from '../../values/decimal.ts'
import { didYouMean } from '../../values/nearest.ts'
import { at, type Fault, Refusal } from '../../values/refusal.ts'
import { latinDigits } from '../../values/yaml-remedies.ts'
import {
  type AttributeDefinition,
  attestedKind,
  codesUnit,
  dateUnit,
  type KindDefinition,
  type MeasureDefinition,
  type Vocabulary,
  yesNoUnit,
} from '../vocabulary.ts'
import type { AttestedMeasure, EvidenceRecord, EvidenceState, Facts } from './facts.ts'

/** Where no source is named, the applicant is the source. */
const applicant = 'applicant'

export const sourceForm = 'a source is a short name of an office or register: small letters, digits and -'

export function isSource(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z][a-z0-9-]{0,59}$/.test(value)
}

/** No register holds more records of one kind for one person; more is a fault of the sender. */
export const mostRecords = 2000

const mostFaults = 100

/**
 * Reads the facts of one applicant: a map from kind of evidence to a list of records.
 *
 *     {"insurance": [{"insurance": "pension", "payment": "on-time", "from": "2010-03", "to": "2019-12", "source": "hrss", "state": "verified"}],
 *      "detention": [],
 *      "attested": [{"measure": "monthsEmployed", "value": "96"}]}
 *
 * @throws Refusal `invalid-facts` with a pointer and remedy for every fault: unknown kind, field or code, wrong type, impossible date,
 *   span that ends before it starts, a measure attested twice
 */
export function readFacts(vocabulary: Vocabulary, value: unknown, pointer = ''): Facts {
  // Almost all facts are sound. Pointers and remedies cost half of the time, so they are made by a second reading, for faults alone.
  const silent = new FactsReader(vocabulary, false)
  const facts = silent.facts(value, pointer)
  if (!silent.isFaulty) return facts
  const telling = new FactsReader(vocabulary, true)
  telling.facts(value, pointer)
  throw new Refusal('invalid-facts', telling.faults)
}

/**
 * Checks one record of a kind, as evidence is taken in.
 * @throws Refusal `invalid-facts` with pointers as in facts that hold only this record: /<kind>/0/…
 */
export function readRecord(vocabulary: Vocabulary, kind: string, record: unknown, pointer = ''): EvidenceRecord | undefined {
  return readFacts(vocabulary, { [kind]: [record] }, pointer).kinds.get(kind)?.[0]
}

/** Reads facts either silently, and only finds that they are faulty, or with the place and remedy of each fault. */
class FactsReader {
  readonly faults: Fault[] = []
  isFaulty = false
  private readonly vocabulary: Vocabulary
  private readonly tells: boolean
  private lastSource = applicant

  constructor(vocabulary: Vocabulary, tells: boolean) {
    this.vocabulary = vocabulary
    this.tells = tells
  }

  private at(pointer: string, token: string | number): string {
    return this.tells ? at(pointer, token) : pointer
  }

  facts(value: unknown, pointer: string): Facts {
    const kinds = new Map<string, EvidenceRecord[]>()
    const attested = new Map<string, AttestedMeasure>()
    if (!isMap(value)) {
      this.fault('wrong-type', pointer, 'facts must be a map from kind of evidence to a list of records')
      return { kinds, attested }
    }
    for (const name of Object.keys(value)) {
      const list = value[name]
      const here = this.at(pointer, name)
      const kind = this.vocabulary.kinds.get(name)
      if (!kind && name !== attestedKind) {
        const known = [...this.vocabulary.kinds.keys(), attestedKind]
        const remedy = this.meant(name, known) ?? `known: ${known.join(', ')}`
        this.fault('unknown-kind', here, `the vocabulary knows no evidence "${name}"; ${remedy}`)
        continue
      }
      if (!Array.isArray(list)) {
        this.fault('wrong-type', here, 'must be a list of records; an empty list says that the register was asked and has none')
        continue
      }
      if (list.length > mostRecords) {
        this.fault('too-many', here, `has ${list.length} records; at most ${mostRecords} are taken`)
        continue
      }
      if (kind) kinds.set(name, this.records(kind, list, here))
      else this.attested(list, here, attested)
    }
    return { kinds, attested }
  }

  private records(kind: KindDefinition, list: unknown[], pointer: string): EvidenceRecord[] {
    const records: EvidenceRecord[] = []
    for (let i = 0; i < list.length; i++) {
      const record = this.record(kind, list[i], this.at(pointer, i))
      if (record) records.push(record)
    }
    return records
  }

  private record(kind: KindDefinition, value: unknown, pointer: string): EvidenceRecord | undefined {
    if (!isMap(value)) return this.fault('wrong-type', pointer, 'must be a map')
    const record: EvidenceRecord = { from: 0, to: 0, codes: {}, amounts: {}, source: applicant, state: 'declared' }
    const known = timeFields[kind.shape]
    for (const field of Object.keys(value)) {
      if (kind.attributes.has(field) || known.includes(field)) continue
      if (field === 'source') record.source = this.source(value[field], this.at(pointer, field))
      else if (field === 'state') record.state = this.state(value[field], this.at(pointer, field))
      else {
        const fields = [...known, ...kind.attributes.keys(), 'source', 'state']
        const list = `known: ${fields.join(', ')}`
        this.fault('unknown-field', this.at(pointer, field), `unknown field of ${kind.name}; ${asked(this.meant(field, fields), list)}`)
      }
    }
    // In the order of the vocabulary, whatever order the sender chose, so that all records of a kind have one form in memory.
    for (const [name, attribute] of kind.attributes)
      if (Object.hasOwn(value, name)) this.attribute(attribute, name, value[name], this.at(pointer, name), record)
      else if (attribute.default === undefined) this.fault('missing-field', pointer, `"${name}" is missing`)
      else if (typeof attribute.default === 'string') record.codes[name] = attribute.default
      else record.amounts[name] = attribute.default
    this.time(kind, value, pointer, record)
    return record
  }

  private time(kind: KindDefinition, value: Map_, pointer: string, record: EvidenceRecord): void {
    switch (kind.shape) {
      case 'span': {
        const month = kind.grain === 'month'
        const from = this.moment(value, 'from', month, pointer, true)
        const to = this.moment(value, 'to', month, pointer, false) ?? Number.POSITIVE_INFINITY
        if (from !== undefined && to < from)
          this.fault(
            'span-ends-before-start',
            this.at(pointer, 'to'),
            'the span ends before it starts; give a "to" that is not before "from"',
          )
        record.from = from ?? 0
        record.to = to
        return
      }
      case 'certificate': {
        const issued = this.moment(value, 'issued', false, pointer, true)
        const expires = this.moment(value, 'expires', false, pointer, false) ?? Number.POSITIVE_INFINITY
        if (issued !== undefined && expires < issued)
          this.fault('span-ends-before-start', this.at(pointer, 'expires'), 'the certificate expires before it was issued')
        record.from = issued ?? 0
        record.to = expires
        return
      }
      case 'event':
        record.from = record.to = this.moment(value, 'date', false, pointer, true) ?? 0
        return
      case 'trait':
        record.from = Number.NEGATIVE_INFINITY
        record.to = Number.POSITIVE_INFINITY
    }
  }

  private moment(value: Map_, field: string, month: boolean, pointer: string, required: boolean): number | undefined {
    const text = value[field]
    if (text === undefined) return required ? this.fault('missing-field', pointer, `"${field}" is missing`) : undefined
    const form = month ? 'YYYY-MM' : 'YYYY-MM-DD'
    if (typeof text !== 'string') return this.fault('wrong-type', this.at(pointer, field), `must be a text of the form ${form}`)
    const moment = month ? parseMonth(text) : parseDate(text)
    return moment ?? this.fault('impossible-date', this.at(pointer, field), impossible(text, month))
  }

  private attribute(attribute: AttributeDefinition, name: string, value: unknown, pointer: string, record: EvidenceRecord): void {
    if (attribute.codes) {
      if (typeof value === 'string' && attribute.codes.has(value)) record.codes[name] = value
      else {
        const near = typeof value === 'string' ? this.meant(value, attribute.codes.keys()) : undefined
        this.fault('unknown-code', pointer, asked(near, `must be one of: ${[...attribute.codes.keys()].join(', ')}`))
      }
      return
    }
    const scale = attribute.unit?.scale ?? 0
    const amount = this.decimal(value, scale, pointer)
    if (amount === undefined) return
    if (amount < 0) this.fault('negative-amount', pointer, 'an amount is never negative')
    else record.amounts[name] = amount
  }

  private decimal(value: unknown, scale: number, pointer: string): number | undefined {
    if (typeof value !== 'string')
      return this.fault('wrong-type', pointer, 'write the figure as a text, such as "12.50": a JSON number may lose digits')
    const parsed = parseDecimal(value, scale)
    const form = scale === 0 ? 'a whole number' : `a decimal with at most ${scale} decimals`
    if (parsed !== undefined) return parsed
    const remedy = latinDigits(value)
    return this.fault('wrong-form', pointer, `must be ${form}${remedy ? `; ${remedy}` : ''}`)
  }

  private source(value: unknown, pointer: string): string {
    if (value === this.lastSource) return this.lastSource
    if (isSource(value)) {
      this.lastSource = value
      return value
    }
    this.fault('wrong-form', pointer, sourceForm)
    return applicant
  }

  private state(value: unknown, pointer: string): EvidenceState {
    if (value === 'declared' || value === 'verified') return value
    this.fault('unknown-value', pointer, 'must be "declared" or "verified"; rejected evidence is left out of the facts')
    return 'declared'
  }

  private attested(list: unknown[], pointer: string, attested: Map<string, AttestedMeasure>): void {
    for (let i = 0; i < list.length; i++) {
      const record = list[i]
      const here = this.at(pointer, i)
      if (!isMap(record)) {
        this.fault('wrong-type', here, 'must be a map')
        continue
      }
      for (const field of Object.keys(record))
        if (!attestedFields.includes(field))
          this.fault('unknown-field', this.at(here, field), `unknown field; known: ${attestedFields.join(', ')}`)
      const name = record.measure
      const measure = typeof name === 'string' ? this.vocabulary.measures.get(name) : undefined
      if (!measure) {
        const near = typeof name === 'string' ? this.meant(name, this.vocabulary.measures.keys()) : undefined
        this.fault('unknown-measure', this.at(here, 'measure'), `the vocabulary knows no such measure${near ? `; ${near}` : ''}`)
        continue
      }
      if (attested.has(measure.name)) {
        this.fault(
          'attested-twice',
          this.at(here, 'measure'),
          `"${measure.name}" is attested more than once; keep the statement that holds`,
        )
        continue
      }
      const value = this.attestedValue(measure, record.value, this.at(here, 'value'))
      const source = record.source === undefined ? applicant : this.source(record.source, this.at(here, 'source'))
      const state = record.state === undefined ? 'declared' : this.state(record.state, this.at(here, 'state'))
      if (value !== undefined) attested.set(measure.name, { value, source, state })
    }
  }

  private attestedValue(measure: MeasureDefinition, value: unknown, pointer: string): number | readonly string[] | undefined {
    switch (measure.unit.name) {
      case codesUnit:
        if (!Array.isArray(value) || !value.every(code => typeof code === 'string'))
          return this.fault('wrong-type', pointer, 'must be a list of codes')
        for (const [i, code] of value.entries())
          if (!this.vocabulary.codes.has(code)) {
            const near = this.meant(code, this.vocabulary.codes)
            this.fault('unknown-code', this.at(pointer, i), `the vocabulary has no such code in any list${near ? `; ${near}` : ''}`)
          }
        return [...new Set(value)]
      case yesNoUnit:
        if (value === 'yes' || value === 'no') return value === 'yes' ? 1 : 0
        return this.fault('unknown-value', pointer, 'must be "yes" or "no"')
      case dateUnit:
        if (typeof value !== 'string') return this.fault('impossible-date', pointer, 'must be a date of the form YYYY-MM-DD')
        return parseDate(value) ?? this.fault('impossible-date', pointer, impossible(value, false))
      default: {
        const quantity = this.decimal(value, measure.unit.scale, pointer)
        return quantity !== undefined && quantity < 0 ? this.fault('negative-amount', pointer, 'a measure is never negative') : quantity
      }
    }
  }

  /** The question whether a known name was meant; only for faults that are told. */
  private meant(name: string, known: Iterable<string>): string | undefined {
    return this.tells && this.faults.length < mostFaults ? didYouMean(name, known) : undefined
  }

  private fault(code: string, pointer: string, message: string): undefined {
    this.isFaulty = true
    if (this.tells && this.faults.length < mostFaults) this.faults.push({ code, pointer, message })
  }
}

/** What is known, after the question whether one of it was meant. */
function asked(question: string | undefined, known: string): string {
  return question === undefined ? known : `${question} ${known}`
}

function impossible(text: string, month: boolean): string {
  const [what, form, pattern] = month ? ['month', 'YYYY-MM', /^\d{4}-\d{2}$/] : ['day', 'YYYY-MM-DD', /^\d{4}-\d{2}-\d{2}$/]
  return pattern.test(text)
    ? `there is no ${what} "${text}"; write ${form}: ${month ? 'year, month' : 'year, month, day'}`
    : `"${text.slice(0, 20)}" is no ${what} of the form ${form}`
}

type Map_ = { [name: string]: unknown }

const timeFields: Record<KindDefinition['shape'], string[]> = {
  span: ['from', 'to'],
  certificate: ['issued', 'expires'],
  event: ['date'],
  trait: [],
}
const attestedFields = ['measure', 'value', 'source', 'state']

function isMap(value: unknown): value is Map_ {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
