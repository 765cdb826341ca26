import { better, chainOf, equal, smallerNumber } from './chains.ts'
import type { Application, Head, OracleRules } from './rules.ts'

/** The household of an application; without a label it is one by itself. */
export function householdOf({ household, publicNumber }: Application): string {
  return household === null ? `alone: ${publicNumber}` : `label: ${household}`
}

/** The heads: of the eligible applications of each household the one that no other of it is before. */
export function headsOf(applications: Application[], rules: OracleRules): Head[] {
  const eligible = applications.flatMap(application => {
    const chain = chainOf(application, rules)
    return chain === null ? [] : [{ application, chain }]
  })
  const before = (a: (typeof eligible)[0], b: (typeof eligible)[0]) =>
    better(a.chain, b.chain, rules.order) ||
    (equal(a.chain, b.chain) && smallerNumber(a.application.publicNumber, b.application.publicNumber))
  return eligible
    .filter(one => !eligible.some(other => householdOf(other.application) === householdOf(one.application) && before(other, one)))
    .map(({ application, chain }) => ({
      publicNumber: application.publicNumber,
      chain,
      pool: application.pool ?? '',
      household: householdOf(application),
      weight: rules.unit === 'persons' ? (application.persons as number) : 1,
    }))
}
