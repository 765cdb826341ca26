import { createHash, hash } from 'node:crypto'
import { Refusal } from '../values/refusal.ts'

/** What decides lots: the committed secret, and the text of the public draw, its numbers with commas ("1,5,9"). */
export type Lottery = { secret: Uint8Array; draw: string }

/** The lot of an applicant: SHA-256(SHA-256(secret) ‖ SHA-256(draw's text) ‖ UTF-8 public number), 32 bytes. The smallest lot is first. */
export function lotOf({ secret, draw }: Lottery, publicNumber: string): Buffer {
  return createHash('sha256')
    .update(hash('sha256', secret, 'buffer'))
    .update(hash('sha256', draw, 'buffer'))
    .update(publicNumber, 'utf8')
    .digest()
}

/** What commits a secret before anybody applies: `sha256:` and the hexadecimal SHA-256 of its bytes. */
export function lotSecretDigest(secret: Uint8Array): string {
  return `sha256:${hash('sha256', secret, 'hex')}`
}

/**
 * Reads the secret of a lot: hexadecimal, two digits a byte, at least 16 bytes.
 * @throws Refusal `invalid-lot-secret`
 */
export function readLotSecret(hex: string): Buffer {
  if (!/^([0-9a-f]{2}){16,}$/i.test(hex)) {
    throw new Refusal('invalid-lot-secret', 'the secret of a lot is hexadecimal, two digits a byte, and at least 16 bytes (32 digits)')
  }
  return Buffer.from(hex, 'hex')
}
