import { placeIn, type RuleDocument, readDocument, type Tree } from '../../values/document.ts'
import { at, type Fault, Refusal } from '../../values/refusal.ts'
import { drawText } from '../draw.ts'
import { type Lottery, readLotSecret } from '../lot.ts'
import type { RoundRules } from '../rules.ts'
import { type CaseFile, type CaseSource, checkCaseFile } from './case-file.ts'
import { type Asked, askedBy, readApplication } from './read-application.ts'
import { readFigures } from './read-figures.ts'
import type { RoundCase, RulesInUnits } from './round-case.ts'

export type PlacedFault = Fault & { line: number; column: number }

/** The name of the round rules to which the text of a case file belongs; undefined if it names none or cannot be read. */
export function rulesNamedIn(text: string): string | undefined {
  let tree: Tree
  try {
    tree = readDocument(text).tree
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return undefined
  }
  const name = typeof tree === 'object' && !Array.isArray(tree) ? tree.rules : undefined
  return typeof name === 'string' ? name : undefined
}

/**
 * Reads the text of a case file (docs/ranking.md, Round cases) that belongs to round rules. There are cases only if there is no fault: a case that is
 * not checked is worse than none, so whatever is unknown or missing is one.
 */
export function readRoundCases(text: string, inUnits: RulesInUnits): { cases: RoundCase[]; faults: PlacedFault[] } {
  let document: RuleDocument
  try {
    document = readDocument(text, 'rules: <place>/<year>')
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { cases: [], faults: error.faults.map(fault => ({ ...fault, ...placeIn(fault.message) })) }
  }
  const faults = checkCaseFile(document.tree)
  const file = document.tree as unknown as CaseFile
  const { name } = inUnits.rules
  if (faults.length === 0 && file.rules !== name)
    faults.push({ code: 'other-rules', pointer: '/rules', message: `these cases belong to "${file.rules}", and the rules are "${name}"` })
  const asked = askedBy(inUnits)
  const cases =
    faults.length > 0 ? [] : file.cases.map((one, i) => readCase(one, { file, document, inUnits, asked, faults }, at('/cases', i)))
  if (faults.length === 0) return { cases, faults: [] }
  const placed = faults.map(fault => ({ ...fault, ...document.placeOf(fault.pointer) }))
  return { cases: [], faults: placed.sort((a, b) => a.line - b.line || a.column - b.column) }
}

type Reading = { file: CaseFile; document: RuleDocument; inUnits: RulesInUnits; asked: Asked; faults: Fault[] }

function readCase(one: CaseSource, { file, document, inUnits, asked, faults }: Reading, pointer: string): RoundCase {
  const { rules } = inUnits
  const { applications, expect = {} } = one
  checkHouseholds(applications, pointer, faults)
  checkPools(one.pools, rules, `${pointer}/pools`, faults)
  checkPools(expect.pools, rules, `${pointer}/expect/pools`, faults)
  if (one.places !== undefined && (rules.hasPools || rules.decides === 'score-line')) {
    const remedy = rules.hasPools
      ? 'the rules have pools: give places by pool under "pools"'
      : 'where a score line decides there are no places'
    faults.push({ code: 'wrong-choice', pointer: `${pointer}/places`, message: remedy })
  }
  const places = one.places === undefined ? (one.pools ?? {}) : { '': one.places }
  return {
    case: one.case,
    source: one.source ?? file.source,
    places: new Map(Object.entries(places).map(([pool, count]) => [pool, Number(count)])),
    lottery: lotteryOf(one, rules, pointer, faults),
    applications: applications.map((source, i) => readApplication(source, asked, at(`${pointer}/applications`, i), faults)),
    ...readFigures(expect, inUnits, `${pointer}/expect`, faults),
    pointer,
    ...document.placeOf(pointer),
  }
}

/** An id stands once, and a household in one pool. */
function checkHouseholds(applications: CaseSource['applications'], pointer: string, faults: Fault[]): void {
  const ids = new Set<string>()
  const poolOf = new Map<string, string | undefined>()
  for (const [i, { id, household, pool }] of applications.entries()) {
    const here = at(`${pointer}/applications`, i)
    if (ids.has(id)) faults.push({ code: 'id-twice', pointer: `${here}/id`, message: `an application above has the id "${id}" already` })
    ids.add(id)
    if (household === undefined) continue
    if (poolOf.has(household) && poolOf.get(household) !== pool)
      faults.push({ code: 'household-in-two-pools', pointer: here, message: 'an application above has this household in another pool' })
    poolOf.set(household, pool)
  }
}

function checkPools(named: object | undefined, { pools, hasPools }: RoundRules, pointer: string, faults: Fault[]): void {
  const known = hasPools ? pools.map(({ pool }) => pool) : []
  for (const pool of Object.keys(named ?? {}).filter(name => !known.includes(name)))
    faults.push({
      code: 'unknown-name',
      pointer: at(pointer, pool),
      message: hasPools ? `the rules have no such pool; they have: ${known.join(', ')}` : 'the rules have no pools',
    })
}

function lotteryOf({ lot }: CaseSource, rules: RoundRules, pointer: string, faults: Fault[]): Lottery | undefined {
  if (rules.draws !== (lot !== undefined))
    faults.push(
      rules.draws
        ? { code: 'missing-field', pointer, message: '"lot" is missing: the rules draw lots; give a secret and the numbers of a draw' }
        : { code: 'wrong-choice', pointer: `${pointer}/lot`, message: 'the rules draw no lots: take this out' },
    )
  if (!rules.draws || lot === undefined) return undefined
  try {
    return { secret: readLotSecret(lot.secret), draw: drawText(rules, lot.draw.map(Number)) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    faults.push(...error.faults.map(({ code, message }) => ({ code, pointer: `${pointer}/lot`, message })))
    return undefined
  }
}
