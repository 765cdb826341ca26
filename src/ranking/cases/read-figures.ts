import { at, type Fault } from '../../values/refusal.ts'
import { formatKeyValue, type KeyUnit } from '../order-keys.ts'
import type { CaseSource, PoolFiguresSource } from './case-file.ts'
import { formOf, parseKeyValue } from './key-values.ts'
import type { PoolFigures, RoundCase, RulesInUnits } from './round-case.ts'

/** Reads the figures with which a round is expected to end, and adds every fault that they have. What is left out is expected to be nothing. */
export function readFigures(
  expect: NonNullable<CaseSource['expect']>,
  { rules, units }: RulesInUnits,
  pointer: string,
  faults: Fault[],
): Pick<RoundCase, 'pools' | 'secondRound'> {
  const fault = (code: string, where: string, message: string) => faults.push({ code, pointer: where, message })
  const cutOffOf = (texts: readonly string[] = [], where: string): string[] => {
    if (texts.length !== 0 && texts.length !== units.length) {
      fault('wrong-form', where, `a cut-off has a value for each order key (${units.length} of them), or none if nobody is admitted`)
      return []
    }
    return texts.map((text, i) => {
      const unit = units[i] as KeyUnit
      const value = parseKeyValue(text, unit)
      if (value === undefined) fault('wrong-form', `${where}/${i}`, `must be ${formOf(unit)}`)
      return value === undefined ? text : formatKeyValue(value, unit)
    })
  }
  const poolFigures = ({ cutOff, atLine = '0', unused = '0' }: PoolFiguresSource, where: string): PoolFigures => {
    return { cutOff: cutOffOf(cutOff, `${where}/cutOff`), atLine: Number(atLine), unused: Number(unused) }
  }

  const { pools = {}, secondRound = {}, ...ofRound } = expect
  const isOne = !rules.hasPools && rules.decides === 'ranking'
  for (const field of Object.keys(ofRound)) {
    if (isOne) break
    const remedy = rules.hasPools
      ? 'the rules have pools: say it of each under "pools"'
      : 'where a score line decides there is no such figure'
    fault('wrong-choice', `${pointer}/${field}`, remedy)
  }
  if (expect.secondRound && rules.secondRound === null)
    fault('wrong-choice', `${pointer}/secondRound`, 'the rules have no second round: take this out')
  const byPool = Object.entries(pools).map(([pool, figures]) => [pool, poolFigures(figures, at(`${pointer}/pools`, pool))] as const)
  const { places = '0', cutOff, atLine = '0' } = secondRound
  return {
    pools: new Map(isOne ? [['', poolFigures(ofRound, pointer)]] : byPool),
    secondRound: rules.secondRound && {
      places: Number(places),
      cutOff: cutOffOf(cutOff, `${pointer}/secondRound/cutOff`),
      atLine: Number(atLine),
    },
  }
}
