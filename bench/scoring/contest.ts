/** One way to score applicants. */
export type Contestant<Input> = {
  name: string
  /** Whether it gives the points of each item; others give the total only. */
  givesItems: boolean
  /** Writes the points of the total of each applicant, in hundredths, and of one item of each: item i of applicant i, counted round and round. */
  score(applicants: readonly Input[], points: Slice): void | Promise<void>
}

/** So many applicants are scored between two looks at the clock. */
export const sliceSize = 1000

export type Slice = { totals: Int32Array; items: Int32Array }

const newSlice = (): Slice => ({ totals: new Int32Array(sliceSize), items: new Int32Array(sliceSize) })

/** Applicants per second of each round, how many different applicants were scored, and the first of them whose points differ from the first contestant's. */
export type Standing = { name: string; givesItems: boolean; rates: number[]; applicants: number; differs: string | undefined }

const secondsOfRound = 0.5
const rounds = 7

/**
 * Lets the contestants score by turns: in each round each of them, slice after slice, goes on where it stopped until its time is over. All points are
 * compared with those of the first contestant. One round more is run before, to warm up, and its times do not count.
 */
export async function contest<Input>(contestants: readonly Contestant<Input>[], applicants: readonly Input[]): Promise<Standing[]> {
  const slices = Array.from({ length: Math.ceil(applicants.length / sliceSize) }, (_, i) =>
    applicants.slice(i * sliceSize, (i + 1) * sliceSize),
  )
  const expected: Slice[] = []
  for (const slice of slices) {
    const points = newSlice()
    await contestants[0]?.score(slice, points)
    expected.push(points)
  }
  const runs = contestants.map(contestant => ({ contestant, next: 0, rates: [] as number[], differs: undefined as string | undefined }))
  const given = newSlice()
  for (let round = 0; round <= rounds; round++)
    for (const run of runs) {
      let [seconds, scored] = [0, 0]
      while (seconds < secondsOfRound) {
        const index = run.next++ % slices.length
        const slice = slices[index] as readonly Input[]
        const started = performance.now()
        const pending = run.contestant.score(slice, given)
        if (pending) await pending
        seconds += (performance.now() - started) / 1000
        scored += slice.length
        run.differs ??= difference(run.contestant, index, slice.length, given, expected[index] as Slice)
      }
      if (round > 0) run.rates.push(scored / seconds)
    }
  return runs.map(({ contestant, next, rates, differs }) => ({
    name: contestant.name,
    givesItems: contestant.givesItems,
    rates,
    applicants: Math.min(next * sliceSize, applicants.length),
    differs,
  }))
}

function difference<Input>(
  { name, givesItems }: Contestant<Input>,
  slice: number,
  length: number,
  given: Slice,
  expected: Slice,
): string | undefined {
  for (let i = 0; i < length; i++) {
    const differs = given.totals[i] !== expected.totals[i] || (givesItems && given.items[i] !== expected.items[i])
    if (differs)
      return `${name}, applicant ${slice * sliceSize + i}: total ${given.totals[i]} instead of ${expected.totals[i]}, item ${given.items[i]} instead of ${expected.items[i]}`
  }
  return undefined
}
