/** The properties of docs/ranking.md. */
export type Code = 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6' | 'R7' | 'R8' | 'R9' | 'R10' | 'R11' | 'R12'

/** One breach of a property; `application` is the public number, where one application is concerned. */
export type Finding = { code: Code; application?: string; message: string }

/** What a verifier found: all breaches counted by code, and the first twenty of each code in full. */
export type Report = { holds: boolean; counts: Partial<Record<Code, number>>; findings: Finding[] }

/** Reports a breach. */
export type Find = (code: Code, application: string | null, message: string) => void

// A run that is broken all over must not give a million findings.
const keptOfEachCode = 20

export function startReport(): { find: Find; report(): Report } {
  const counts: Partial<Record<Code, number>> = {}
  const findings: Finding[] = []
  return {
    find(code, application, message) {
      const count = (counts[code] ?? 0) + 1
      counts[code] = count
      if (count <= keptOfEachCode) findings.push(application === null ? { code, message } : { code, application, message })
    },
    report: () => ({ holds: findings.length === 0, counts, findings }),
  }
}

/** Joins the reports of the two passes. */
export function joinReports(a: Report, b: Report): Report {
  const counts = { ...a.counts }
  for (const [code, count] of Object.entries(b.counts) as [Code, number][]) counts[code] = (counts[code] ?? 0) + count
  const kept: Partial<Record<Code, number>> = {}
  const findings = [...a.findings, ...b.findings].filter(({ code }) => {
    kept[code] = (kept[code] ?? 0) + 1
    return kept[code] <= keptOfEachCode
  })
  return { holds: a.holds && b.holds, counts, findings }
}
