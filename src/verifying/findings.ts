/** The properties of docs/ranking.md. R17 and R18 are of editions, the others of a run. */
export type Code =
  | 'R1'
  | 'R2'
  | 'R3'
  | 'R4'
  | 'R5'
  | 'R6'
  | 'R7'
  | 'R8'
  | 'R9'
  | 'R10'
  | 'R11'
  | 'R12'
  | 'R13'
  | 'R14'
  | 'R15'
  | 'R16'
  | 'R17'
  | 'R18'

/** One breach of a property; `application` is the public number, where one application is concerned. */
export type Finding = { code: Code; application?: string; message: string }

/** How often each property is broken, and the first twenty breaches of each in full. */
export type Findings = { counts: Partial<Record<Code, number>>; findings: Finding[] }

/**
 * What a verifier found. A run that does not hold has all breaches in `counts` and `findings`. In one that holds these are empty, and `setAside` has
 * the pools that do not hold, each with its own. `sample` tells what the second program of R16 was asked: the hexadecimal seed, the size asked for and
 * the number of entries that it came to.
 */
export type Report = Findings & {
  holds: boolean
  setAside: (Findings & { pool: string })[]
  sample: { seed: string; size: number; checked: number } | null
}

/** Whom a breach concerns: an application by its public number, and the pools; none if it concerns the whole run. */
export type Concern = { application?: string | null; pools: readonly string[] }

/** Reports a breach. */
export type Find = (code: Code, concern: Concern, message: string) => void

/** Of a breach that concerns no pool. */
export const wholeRun: Concern = { pools: [] }

/** The pools that are named at all. */
export function named(...pools: readonly (string | null | undefined)[]): string[] {
  return pools.filter(pool => typeof pool === 'string')
}

// A run that is broken all over must not give a million findings.
const keptOfEachCode = 20

/** Collects breaches. `divisible` are the pools that can be set aside by themselves; empty where any breach fails the whole run. */
export function collectFindings(divisible: readonly string[]): { find: Find; report(sample: Report['sample']): Report } {
  const all = collection()
  const ofPools = new Map(divisible.map(pool => [pool, collection()]))
  let concernsAll = false
  return {
    find(code, { application, pools }, message) {
      const finding: Finding = application ? { code, application, message } : { code, message }
      all.add(finding)
      const concerned = [...new Set(pools)].flatMap(pool => ofPools.get(pool) ?? [])
      if (concerned.length === 0) concernsAll = true
      for (const pool of concerned) pool.add(finding)
    },
    report(sample) {
      const setAside = [...ofPools].flatMap(([pool, { found }]) => (found.findings.length > 0 ? [{ pool, ...found }] : []))
      const holds = !concernsAll && (ofPools.size === 0 || setAside.length < ofPools.size)
      return holds ? { holds, counts: {}, findings: [], setAside, sample } : { holds, ...all.found, setAside: [], sample }
    },
  }
}

function collection(): { found: Findings; add(finding: Finding): void } {
  const found: Findings = { counts: {}, findings: [] }
  return {
    found,
    add(finding) {
      const count = (found.counts[finding.code] ?? 0) + 1
      found.counts[finding.code] = count
      if (count <= keptOfEachCode) found.findings.push(finding)
    },
  }
}
