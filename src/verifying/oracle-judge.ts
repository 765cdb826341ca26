import { readClaim } from './claim.ts'
import { dayIn } from './moments.ts'
import { readDay } from './oracle/calendar.ts'
import { compare, figure, type Rational, unitsOf } from './oracle/rational.ts'
import { readSchemeTree, readVocabularyTree } from './oracle/reader.ts'
import { oracleScorer } from './oracle/score.ts'
import type { RawFacts } from './oracle/trees.ts'
import type { Rescored } from './stored.ts'

/** What a round asks of a score. Figures are text as in the documents. */
export type RoundTerms = {
  asOf: string
  total: string
  /** The least total that the gate or the score line asks for. */
  atLeast: string | null
  order: readonly TermKey[]
  zone: string | null
}
/** An order key; a measure is told in steps of so many decimals. */
export type TermKey =
  | { key: 'total' }
  | { key: 'item' | 'date'; of: string }
  | { key: 'measure'; of: string; scale: number }
  | { key: 'submission'; to: 'day' | 'moment' }

type Judge = (document: string, claim: string) => Rescored

/**
 * Judges frozen documents by the texts of a scheme and its vocabulary. The texts are read when it is first asked.
 * @throws CannotRead each time it is asked, if the texts hold what the oracle has no rule for
 */
export function createOracle(texts: { scheme: string; vocabulary: string }, terms: RoundTerms): Judge {
  let judge: Judge | undefined
  return (document, claim) => {
    judge ??= judgeBy(texts, terms)
    return judge(document, claim)
  }
}

function judgeBy(texts: { scheme: string; vocabulary: string }, terms: RoundTerms): Judge {
  const [scheme, vocabulary] = [readSchemeTree(texts.scheme), readVocabularyTree(texts.vocabulary)]
  const epoch = readDay('1970-01-01')
  return (document, claim) => {
    const { score, measure } = oracleScorer(scheme, vocabulary, JSON.parse(document) as RawFacts, terms.asOf)
    const total = part(score.totals, terms.total)
    const points = total.points === null ? null : figure(total.points)
    let eligible = part(score.eligibleFor, terms.total)
    if (eligible === 'yes' && terms.atLeast !== null && points !== null && compare(points, figure(terms.atLeast)) < 0)
      eligible = total.known === 'lower-bound' ? 'undetermined' : 'no'

    const submitted = () => readClaim(claim)?.submittedAt
    const keyValue = (key: TermKey): number | undefined => {
      switch (key.key) {
        case 'total':
          return inUnits(points, scaleOf(part(scheme.totals, terms.total)))
        case 'item': {
          const { points } = part(score.items, key.of)
          return inUnits(points === null ? null : figure(points), scaleOf(part(scheme.items, key.of)))
        }
        case 'submission': {
          const moment = submitted()
          return moment === undefined || key.to === 'moment' ? moment : (dayIn(moment, terms.zone) ?? undefined)
        }
        case 'date': {
          const value = measure(key.of)
          return value && 'date' in value ? value.date - epoch : undefined
        }
        case 'measure': {
          const value = measure(key.of)
          return value && 'number' in value ? inUnits(value.number, key.scale) : undefined
        }
      }
    }
    const chain = eligible === 'yes' ? terms.order.map(keyValue) : null
    const isWhole = chain?.every(value => value !== undefined) ?? true
    return {
      eligible: isWhole ? eligible : 'undetermined',
      total: inUnits(points, scaleOf(part(scheme.totals, terms.total))) ?? null,
      items: Object.entries(scheme.items).map(([name, item]) => {
        const { points } = part(score.items, name)
        return inUnits(points === null ? null : figure(points), scaleOf(item)) ?? null
      }),
      chain: isWhole ? (chain as number[] | null) : null,
    }
  }
}

const scaleOf = ({ scale }: { scale: string }) => Number(scale)
const inUnits = (points: Rational | null, scale: number) => (points === null ? undefined : unitsOf(points, scale))

function part<T>(map: { [name: string]: T }, name: string): T {
  const found = map[name]
  if (found === undefined) throw new Error(`no "${name}"`)
  return found
}
