import { isDeepStrictEqual } from 'node:util'
import { decide } from '../oracle-ranking/ranking.ts'
import type { RoundOutcome } from '../oracle-ranking/rules.ts'
import { kindsOf } from './kinds.ts'
import { type RandomRound, randomRound } from './round.ts'
import { shrunk } from './shrink.ts'

/** A way of deciding rounds that is compared with the oracle. */
export type Path = (round: RandomRound) => RoundOutcome | Promise<RoundOutcome>

/**
 * Decides so many random rounds, of the seeds from `seed` on, by a path and by the oracle. Gives the first disagreement as text (seed, rules document,
 * as few applications as still disagree, and both outcomes), undefined when all agree, and which kinds of rounds there were.
 */
export async function firstDisagreement(
  seed: number,
  count: number,
  path: Path,
): Promise<{ disagreement: string | undefined; seen: Set<string> }> {
  const seen = new Set<string>()
  for (let one = seed; one < seed + count; one++) {
    const round = randomRound(one)
    const { decided, agrees } = await compared(round, path)
    if (!agrees) {
      const small = await shrunk(round, async smaller => !(await compared(smaller, path)).agrees)
      return { disagreement: await told(small, path), seen }
    }
    for (const kind of kindsOf(round, decided)) seen.add(kind)
  }
  return { disagreement: undefined, seen }
}

async function compared(round: RandomRound, path: Path) {
  const decided = decide(round.applications, round.rules, round.lottery)
  const got = await outcomeOf(round, path)
  return { decided, got, agrees: isDeepStrictEqual(got, decided.outcome) }
}

/** What the path gives; where it throws, what it throws. */
async function outcomeOf(round: RandomRound, path: Path): Promise<object> {
  try {
    return await path(round)
  } catch (error) {
    return { thrown: error instanceof Error ? `${error.stack} ${JSON.stringify(error)}` : String(error) }
  }
}

async function told(round: RandomRound, path: Path): Promise<string> {
  const { decided, got } = await compared(round, path)
  const { seed, text, lottery, applications } = round
  return [
    `seed ${seed}`,
    text,
    ...(lottery ? [`secret ${Buffer.from(lottery.secret).toString('hex')}, draw ${lottery.draw}`] : []),
    ...applications.map(application => JSON.stringify(application)),
    'the oracle',
    ...linesOf(decided.outcome),
    'the path',
    ...linesOf(got),
  ].join('\n')
}

function linesOf(outcome: object): string[] {
  return Object.entries(outcome).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map(one => `${name} ${JSON.stringify(one)}`) : [`${name} ${JSON.stringify(value)}`],
  )
}
