import { createHash } from 'node:crypto'
import type { Lottery } from './rules.ts'

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()

/** The lot of a public number in hexadecimal, which sorts as its bytes do. */
export function lotOf({ secret, draw }: Lottery, publicNumber: string): string {
  return sha256(sha256(secret), sha256(Buffer.from(draw, 'utf8')), Buffer.from(publicNumber, 'utf8')).toString('hex')
}
