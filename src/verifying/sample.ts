import { createHash } from 'node:crypto'

/**
 * Whether an application is in the sample: the first 6 bytes of SHA-256(seed ‖ public number), as a number below 2^48, are below
 * 2^48 × size ÷ applicants.
 */
export function isInSample(publicNumber: string, { seed, size }: { seed: Uint8Array; size: number }, applicants: number | null): boolean {
  if (applicants === null || size >= applicants) return true
  const number = createHash('sha256').update(seed).update(publicNumber, 'utf8').digest().readUIntBE(0, 6)
  return BigInt(number) * BigInt(applicants) < BigInt(size) * 2n ** 48n
}
