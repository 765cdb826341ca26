import type { Json } from '../values/canonical-json.ts'
import { digestOf } from '../values/digest.ts'
import { type Fault, Refusal } from '../values/refusal.ts'
import { shapeCheck } from '../values/shape.ts'
import type { SealedEdition } from './edition.ts'
import { SealedEditionSchema } from './edition-schema.ts'
import { type FaultList, faultList } from './faults.ts'
import { type FirstFormat, firstFormatFaults } from './first-format.ts'
import { FirstFormatSchema } from './first-format-schema.ts'
import { amendmentFaults } from './verify/amendments.ts'
import { figureFaults } from './verify/figures.ts'
import { formFaults } from './verify/form.ts'
import { lotFaults } from './verify/lots.ts'
import { rankFaults } from './verify/ranks.ts'
import { reserveFaults } from './verify/reserve.ts'
import { secondRoundFaults } from './verify/second-round.ts'

/** An edition of any format that was ever published. */
export type PublishedEdition = SealedEdition | (FirstFormat & { digest: string })

const check = shapeCheck(SealedEditionSchema)
const checkFirst = shapeCheck(FirstFormatSchema)

/**
 * Checks a published edition by itself, as anybody can who has the file: its digest, its counts, and that ranks, order, places, rooms, lots, reserve numbers
 * and cut-offs fit each other as far as a public list shows them. Gives every fault; none means that it holds.
 * @throws Refusal `no-edition` when the file is no JSON or has not the shape of an edition
 */
export function verifyEdition(text: string): { edition: PublishedEdition; faults: Fault[] } {
  const value = parse(text)
  const isFirst = Object(value).format === 1
  const shape = (isFirst ? checkFirst : check)(value)
  if (shape.length > 0) throw new Refusal('no-edition', shape)
  const edition = value as PublishedEdition
  const { add, faults } = faultList()
  digestFaults(edition, add)
  if (edition.format === 1) firstFormatFaults(edition, add)
  else {
    formFaults(edition, add)
    // Parts that do not belong together cannot be compared with each other.
    if (!faults.some(({ code }) => code === 'wrong-form')) contentFaults(edition, add)
  }
  return { edition, faults }
}

function contentFaults(edition: SealedEdition, add: FaultList): void {
  rankFaults(edition, add)
  figureFaults(edition, add)
  secondRoundFaults(edition, add)
  lotFaults(edition, add)
  reserveFaults(edition, add)
  amendmentFaults(edition, add)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('no-edition', 'The file is not JSON; give the edition file as it was published.')
  }
}

function digestFaults({ digest, ...edition }: PublishedEdition, add: FaultList): void {
  let found: string
  try {
    found = digestOf(edition as unknown as Json)
  } catch {
    add('wrong-digest', '/digest', 'the edition has a value that no sealed edition can have')
    return
  }
  if (found !== digest) add('wrong-digest', '/digest', `the content has the digest ${found}: it is not what was sealed`)
}
