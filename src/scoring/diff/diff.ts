import type { Tree } from '../../values/document.ts'
import { at } from '../../values/refusal.ts'
import type { Measure } from '../measures/measure.ts'
import type { Scheme } from '../scheme/scheme.ts'
import { type Change, changesBetween } from './changes.ts'
import { normalized } from './normalized.ts'
import { type Map_, mapIn } from './tree.ts'

/** The sections whose parts have names, in the order in which they are told. */
export const sections = ['items', 'totals', 'gates', 'freezes', 'measures', 'checks', 'dates', 'evidence', 'units', 'sources'] as const
export type Section = (typeof sections)[number]

/** What became of one named part. `through` are the changes of the measures that it uses, directly or through others. */
export type PartDiff = {
  section: Section
  name: string
  what: 'added' | 'removed' | 'changed'
  changes: Change[]
  through: { measure: string; changes: Change[] }[]
}

export type SchemeDiff = {
  /** Title, status, what is absent, the vocabulary, the end-of-month rule, and which total is the first. */
  head: Change[]
  parts: PartDiff[]
}

/** What a newer version of a scheme says otherwise than an older one. Empty if and only if both say the same. */
export function diffSchemes(was: Scheme, now: Scheme): SchemeDiff {
  const [a, b] = [normalized(was), normalized(now)]
  const measures = new Map(partsOf('measures', a, b).map(part => [part.name, part]))
  const told = new Set<string>()
  const parts = sections.flatMap((section): PartDiff[] => {
    if (section === 'measures') return []
    const changed = new Map(partsOf(section, a, b).map(part => [part.name, part]))
    const names = new Set([...Object.keys(mapIn(b, section) ?? {}), ...Object.keys(mapIn(a, section) ?? {})])
    return [...names].flatMap((name): PartDiff[] => {
      const part = changed.get(name) ?? { section, name, what: 'changed', changes: [], through: [] }
      const through = [...new Set([...measuresOf(was, section, name), ...measuresOf(now, section, name)])].flatMap(measure => {
        const { what, changes } = measures.get(measure) ?? {}
        return what === 'changed' && changes ? [{ measure, changes }] : []
      })
      if (part.what === 'changed') for (const { measure } of through) told.add(measure)
      return changed.has(name) || through.length > 0 ? [{ ...part, through: part.what === 'changed' ? through : [] }] : []
    })
  })
  // Those that no item, gate or freeze uses may still be order keys of a round.
  const others = [...measures.values()].filter(({ what, name }) => what !== 'changed' || !told.has(name))
  const before = (section: Section) => sections.indexOf(section)
  return { head: headChanges(a, b), parts: [...parts, ...others].sort((x, y) => before(x.section) - before(y.section)) }
}

function partsOf(section: Section, a: Map_, b: Map_): PartDiff[] {
  const [was, now] = [mapIn(a, section) ?? {}, mapIn(b, section) ?? {}]
  const pointer = (name: string) => at(at('', section), name)
  return [...new Set([...Object.keys(now), ...Object.keys(was)])].flatMap((name): PartDiff[] => {
    const one = { section, name, through: [] }
    if (!Object.hasOwn(was, name)) return [{ ...one, what: 'added', changes: [] }]
    if (!Object.hasOwn(now, name)) return [{ ...one, what: 'removed', changes: [] }]
    const changes = changesBetween(
      { pointer: pointer(name), value: was[name] as Tree },
      { pointer: pointer(name), value: now[name] as Tree },
    )
    return changes.length > 0 ? [{ ...one, what: 'changed', changes }] : []
  })
}

/** The measures that an item, total, gate, freeze or check uses, and those that these are made of. */
function measuresOf(scheme: Scheme, section: Section, name: string): string[] {
  const used = new Set<string>()
  const use = (measures: readonly Measure[]): void => {
    for (const measure of measures) {
      used.add(measure.name)
      use(measure.parts ?? [])
    }
  }
  switch (section) {
    case 'items':
      use(scheme.items.find(({ item }) => item === name)?.node.measures ?? [])
      break
    case 'totals':
      use(scheme.totals.find(({ total }) => total === name)?.node.measures ?? [])
      break
    case 'gates':
      use(scheme.gates.find(({ gate }) => gate === name)?.condition.measures ?? [])
      break
    case 'freezes':
      use(scheme.freezes.find(({ freeze }) => freeze === name)?.condition.measures ?? [])
      break
    case 'checks':
      use(scheme.checks.find(({ check }) => check === name)?.same ?? [])
  }
  return [...used]
}

function headChanges(a: Map_, b: Map_): Change[] {
  const fields = ['title', 'status', 'absent', 'vocabulary', 'calendar']
  const head = (document: Map_) => ({
    pointer: '',
    value: Object.fromEntries(fields.filter(field => document[field] !== undefined).map(field => [field, document[field] as Tree])),
  })
  const first = (document: Map_) => ({ pointer: '/totals', value: Object.keys(mapIn(document, 'totals') ?? {})[0] as string })
  const isOther = first(a).value !== first(b).value
  return [...changesBetween(head(a), head(b)), ...(isOther ? [{ what: 'order' as const, was: first(a), now: first(b) }] : [])]
}
