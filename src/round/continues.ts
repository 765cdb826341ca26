import type { Amendment, EditionPool } from '../publishing/edition.ts'
import type { PublishedEdition } from '../publishing/verify-edition.ts'
import { canonicalJson, type Json } from '../values/canonical-json.ts'
import type { Content } from './edition-content.ts'

/**
 * Whether a list says the same as the edition before it, but for the households that it amends. All of the sealed document is compared but who sealed it,
 * when and why; and what was amended explains how the list changed.
 * @param now with the same pools set aside
 * @param amended the public numbers of all applications of the amended households
 */
export function continues(last: PublishedEdition, now: Content, amended: ReadonlySet<string>): boolean {
  const known = last.format === 2 ? (last.amendments ?? []) : []
  const amendments = now.amendments ?? []
  const own = amendments.slice(known.length)
  return (
    textOf(amendments.slice(0, known.length)) === textOf(known) &&
    own.length === (amended.size > 0 ? 1 : 0) &&
    own.every(amendment => explains(amendment, last, now, amended)) &&
    (last.format === 1
      ? textOf(unamended(firstOf(last), amended)) === textOf(unamended(firstOf(now), amended))
      : textOf(unamended(last, amended)) === textOf(unamended(now, amended)))
  )
}

/** What belongs to the sealing of an edition, and what is compared by itself. */
const apart = new Set(['kind', 'edition', 'supersedes', 'reason', 'sealedAt', 'sealedBy', 'digest', 'amendments'])

type Lists = { entries: readonly { publicNumber: string }[]; reserve?: EditionPool['reserve']; pools?: readonly EditionPool[] }

function unamended(edition: Lists, amended: ReadonlySet<string>): object {
  const isOther = ({ publicNumber }: { publicNumber: string }) => !amended.has(publicNumber)
  const waiting = ({ reserve }: Pick<Lists, 'reserve'>) => (reserve ? { reserve: reserve.filter(isOther) } : {})
  return {
    ...Object.fromEntries(Object.entries(edition).filter(([field]) => !apart.has(field))),
    entries: edition.entries.filter(isOther),
    ...waiting(edition),
    ...(edition.pools ? { pools: edition.pools.map(pool => ({ ...pool, ...waiting(pool) })) } : {}),
  }
}

/** What an edition of the first format says too. Its unit was a text for people, and its lots were drawn by another rule; the rules' digest stands for both. */
function firstOf({
  authority,
  round,
  asOf,
  scheme,
  rules,
  inputs,
  counts,
  order,
  quota,
  line,
  cutOff,
  entries,
}: Content | PublishedEdition) {
  const { unit, ...places } = quota ?? {}
  return { authority, round, asOf, scheme, rules, inputs, counts, order, quota: places, line: line?.rule, cutOff, entries }
}

/** Whether an amendment says of exactly the amended households who came onto the list, who left it and who stands on it still. */
function explains({ added, removed, changed }: Amendment, last: PublishedEdition, now: Content, amended: ReadonlySet<string>): boolean {
  const before = new Set(last.entries.map(entry => entry.publicNumber))
  const after = new Set(now.entries.map(entry => entry.publicNumber))
  const is = (numbers: readonly string[], wasListed: boolean, isListed: boolean) => {
    const expected = [...amended].filter(number => before.has(number) === wasListed && after.has(number) === isListed)
    return textOf([...numbers].sort()) === textOf(expected.sort())
  }
  return is(added, false, true) && is(removed, true, false) && is(changed, true, true)
}

function textOf(value: unknown): string {
  return canonicalJson(value as Json)
}
