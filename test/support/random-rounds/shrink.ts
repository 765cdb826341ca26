import type { RandomRound } from './round.ts'

/** Leaves out one application after the other as long as the round still differs. */
export async function shrunk(round: RandomRound, stillDiffers: (round: RandomRound) => Promise<boolean>): Promise<RandomRound> {
  let small = round
  for (let i = 0; i < small.applications.length; ) {
    const smaller = { ...small, applications: small.applications.toSpliced(i, 1) }
    if (await stillDiffers(smaller)) {
      small = smaller
      i = 0
    } else i++
  }
  return small
}
