import type { Fault } from '../values/refusal.ts'

/** Takes the faults of a published file. */
export type FaultList = (code: string, pointer: string, message: string) => void

export function faultList(): { add: FaultList; faults: Fault[] } {
  const faults: Fault[] = []
  return { faults, add: (code, pointer, message) => faults.push({ code, pointer, message }) }
}

/** Decimal texts compared exactly, at any length. */
export function compareDecimals(a: string, b: string): number {
  const scale = Math.max(fraction(a).length, fraction(b).length)
  const difference = scaled(a, scale) - scaled(b, scale)
  return difference === 0n ? 0 : difference > 0n ? 1 : -1
}

const fraction = (text: string) => text.split('.')[1] ?? ''
const scaled = (text: string, scale: number) => BigInt(text.replace('.', '') + '0'.repeat(scale - fraction(text).length))

/** Whether a text stands behind another by their UTF-8 bytes. */
export function isBehind(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8')) > 0
}
