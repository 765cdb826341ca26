import type { BulkApplicant } from '../../src/round/bulk-intake.ts'
import type { Statement } from '../../src/round/evidence.ts'
import { syntheticNumber } from './office.ts'

export type Said = { state: Statement['state']; record: Statement['record'] }
/** What is said of a person, by kind; an empty list is nothing at all: nobody has asked. */
export type Sayings = { [kind: string]: readonly Said[] }

export const verified = (record: Statement['record']): Said => ({ state: 'verified', record })
export const declared = (record: Statement['record']): Said => ({ state: 'declared', record })
export const rejected = (record: Statement['record']): Said => ({ state: 'rejected', record })
/** The register was asked and holds nothing. */
export const nothing: Said = { state: 'verified', record: null }

/** By the model scheme of 2017: 60 months of residence 15, five years of work 30, 36 months insured 18; in all 63. Nothing is missing. */
const base: Sayings = {
  birth: [verified({ date: '1985-06-15' })],
  sex: [verified({ sex: 'male' })],
  permit: [verified({ from: '2012-01-01' })],
  crime: [nothing],
  residence: [verified({ from: '2012-01-01' })],
  employment: [verified({ basis: 'contract', from: '2012-01-01' })],
  insurance: [verified({ insurance: 'pension', payment: 'on-time', from: '2014-01' })],
  education: [nothing],
  skill: [nothing],
  volunteering: [nothing],
  bloodDonation: [nothing],
  donation: [nothing],
  award: [nothing],
  detention: [nothing],
  taxOffence: [nothing],
}

/** An applicant who passes every gate of the model scheme with 63 points, but for what is said otherwise. */
export function person(index: number, otherwise: Sayings = {}, name = '张三丰'): BulkApplicant {
  const statements = Object.entries({ ...base, ...otherwise }).flatMap(([kind, said]) =>
    said.map(one => ({ kind, source: 'register', ...one })),
  )
  return { citizenNumber: syntheticNumber(index), name, statements }
}

export function holds(certificate: string): { certificate: string; issued: string } {
  return { certificate, issued: '2008-07-01' }
}
