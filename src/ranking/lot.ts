import { createHash } from 'node:crypto'
import { Refusal } from '../values/refusal.ts'

/** The lot of an applicant: SHA-256(seed bytes ‖ UTF-8 public number), 32 bytes. The smallest lots are drawn. */
export function lotOf(seed: Uint8Array, publicNumber: string): Buffer {
  return createHash('sha256').update(seed).update(publicNumber, 'utf8').digest()
}

/** What commits a seed before the round closes: `sha256:` and the hexadecimal SHA-256 of the seed bytes. */
export function lotSeedDigest(seed: Uint8Array): string {
  return `sha256:${createHash('sha256').update(seed).digest('hex')}`
}

/**
 * Reads a lot seed: hexadecimal, two digits a byte, at least 16 bytes.
 * @throws Refusal `invalid-lot-seed`
 */
export function readLotSeed(hex: string): Buffer {
  if (!/^([0-9a-f]{2}){16,}$/i.test(hex)) {
    throw new Refusal('invalid-lot-seed', 'a lot seed is hexadecimal, two digits a byte, and at least 16 bytes (32 digits)')
  }
  return Buffer.from(hex, 'hex')
}
