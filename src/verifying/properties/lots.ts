import { createHash } from 'node:crypto'
import type { Find } from '../findings.ts'
import { isCut, type RankProperty } from '../property.ts'
import type { VerifyContext } from '../stored.ts'

/** The bytes of the run's lot seed, null if it names none or no proper one. */
export function seedOf({ line, run }: VerifyContext): Buffer | null {
  if (line !== 'lot' || run.lotSeed === null || !/^([0-9a-fA-F]{2}){16,}$/.test(run.lotSeed)) return null
  return Buffer.from(run.lotSeed, 'hex')
}

/** SHA-256(seed bytes ‖ UTF-8 public number). */
export function lotBy(seed: Buffer, publicNumber: string): Buffer {
  return createHash('sha256').update(seed).update(Buffer.from(publicNumber, 'utf8')).digest()
}

/** R10: the seed is the one that was committed, those at the line carry the lots that it gives, and nobody else carries one. */
export function lots(context: VerifyContext, find: Find): RankProperty {
  const seed = seedOf(context)
  return {
    standing(standing) {
      const drawn = context.line === 'lot' && isCut(standing, context.places)
      for (const { publicNumber, lot } of standing.rows) {
        if (!drawn) {
          if (lot !== null) find('R10', publicNumber, 'the entry carries a lot, but none is drawn for it')
        } else if (lot === null) find('R10', publicNumber, 'the entry is at the line and carries no lot')
        else if (seed !== null && !lotBy(seed, publicNumber).equals(lot)) find('R10', publicNumber, 'the lot is not what the seed gives')
      }
    },
    end() {
      if (context.line !== 'lot') {
        if (context.run.lotSeed !== null) find('R10', null, `the run names a lot seed, but the line rule is ${context.line}`)
        return
      }
      if (seed === null) find('R10', null, 'the run names no lot seed of at least 16 bytes')
      else if (context.lotSeedDigest !== `sha256:${createHash('sha256').update(seed).digest('hex')}`) {
        find('R10', null, 'the lot seed is not the one that was committed')
      }
    },
  }
}
