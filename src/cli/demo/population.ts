import { type DayNumber, formatDate } from '../../values/civil-date.ts'
import { mostApplicants, type Sex, syntheticCitizenNumber } from './citizen-number.ts'
import { conductStatements } from './conduct.ts'
import { learningStatements } from './learning.ts'
import { lifeOf } from './life.ts'
import { nameOf } from './names.ts'
import { Random, weighted } from './random.ts'
import { residenceStatements } from './residence.ts'
import { type Statement, statements } from './statement.ts'
import { workStatements } from './work.ts'

export type Applicant = { citizenNumber: string; name: string; statements: Statement[] }

/** Kinds of post, which set the retirement age of women; men have one and the same. Assumed: one in five is a cadre. */
const posts: Record<Sex, ReturnType<typeof weighted<string>>> = {
  female: weighted([
    ['worker', 80],
    ['cadre', 20],
  ]),
  male: weighted([
    ['worker', 82],
    ['cadre', 18],
  ]),
}

/**
 * A synthetic population of permit holders for the demo. Nobody in it is real and none of its figures is measured: the marginals (age,
 * sex, years in the city, schooling, skills, jobs, insurance, service, offences) stand as tables beside the code that draws from
 * them and are assumptions from general knowledge, shaped so that a list looks like one. Citizen numbers lie in places that do not exist.
 *
 * About two in a hundred lack a check, some evidence is only declared, and a little of it was rejected.
 *
 * The iterable is lazy and can be walked again. An applicant depends on seed, index and `asOf` alone, and is the same on every machine.
 *
 * @param asOf reference date (day number); nothing was recorded after it
 * @throws RangeError for more applicants than there are synthetic numbers (5,000,000)
 */
export function population({ seed, applicants, asOf }: { seed: string; applicants: number; asOf: DayNumber }): Iterable<Applicant> {
  if (!Number.isSafeInteger(applicants) || applicants < 0 || applicants > mostApplicants)
    throw new RangeError(`applicants must be a whole number from 0 to ${mostApplicants}`)
  return {
    *[Symbol.iterator]() {
      for (let index = 0; index < applicants; index++) yield applicant(seed, index, asOf)
    },
  }
}

/** One applicant of the population. */
export function applicant(seed: string, index: number, asOf: DayNumber): Applicant {
  const random = new Random(seed, 'applicant', index)
  const life = lifeOf(random, asOf)
  const { sex, birth } = life
  return {
    citizenNumber: syntheticCitizenNumber(index, birth, sex),
    name: nameOf(random, sex),
    statements: [
      ...statements(random, 'birth', 'police', [{ date: formatDate(birth) }]),
      ...statements(random, 'sex', 'police', [{ sex }]),
      ...statements(random, 'post', 'human-resources', [{ post: random.pick(posts[sex]) }]),
      ...residenceStatements(random, life),
      ...workStatements(random, life),
      ...learningStatements(random, life),
      ...conductStatements(random, life),
    ],
  }
}
