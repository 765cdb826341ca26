import type { Scheme } from '../scoring/scheme/scheme.ts'
import type { AttributeDefinition, KindDefinition, Vocabulary } from '../scoring/vocabulary.ts'
import { at, type Fault } from '../values/refusal.ts'

/*
 * A name of a kind of evidence, a unit or a measure has one meaning in an installation. It may grow: evidence that is right for one scheme would
 * otherwise stop the freeze of another.
 */

/** What a draft names itself, beyond the vocabulary that it speaks, and an activated scheme has in another form. Titles do not count. */
export function otherMeanings(draft: Scheme, spoken: Vocabulary, activated: readonly Scheme[]): Fault[] {
  const compare = <T>(section: string, namesOf: (vocabulary: Vocabulary) => ReadonlyMap<string, T>, differ: Differ<T>): Fault[] =>
    [...namesOf(draft.vocabulary)].flatMap(([name, here]) => {
      if (namesOf(spoken).has(name)) return []
      for (const { scheme, version, vocabulary } of activated) {
        const there = namesOf(vocabulary).get(name)
        const difference = there && differ(there, here)
        if (!difference) continue
        const message = `Scheme ${scheme}/${version}, which was activated, has "${name}" in another form: ${difference}. Use another name here.`
        return [{ code: 'kind-differs', pointer: at(at('', section), name), message }]
      }
      return []
    })
  return [
    ...compare(
      'units',
      v => v.units,
      (there, here) => other('decimals', there.scale, here.scale),
    ),
    ...compare('evidence', v => v.kinds, kindsDiffer),
    ...compare(
      'measures',
      v => v.measures,
      (there, here) => other('the unit', there.unit.name, here.unit.name),
    ),
  ]
}

/** What differs between the form of an activated scheme and that of the draft; undefined if one of them includes the other. */
type Differ<T> = (there: T, here: T) => string | undefined

function other(what: string, there: string | number, here: string | number): string | undefined {
  return there === here ? undefined : `${what}: ${there} there, ${here} here`
}

function kindsDiffer(there: KindDefinition, here: KindDefinition): string | undefined {
  const shape = other('the shape', there.shape, here.shape) ?? other('the grain', there.grain, here.grain)
  if (shape !== undefined) return shape
  const differences: string[] = []
  const only: { there: string[]; here: string[] } = { there: [], here: [] }
  for (const name of new Set([...there.attributes.keys(), ...here.attributes.keys()])) {
    const [a, b] = [there.attributes.get(name), here.attributes.get(name)]
    const attribute = `the attribute "${name}"`
    if (!a || !b) {
      const [side, one] = a ? (['there', a] as const) : (['here', b as AttributeDefinition] as const)
      if (one.default === undefined) differences.push(`${attribute} is only ${side}, and has no default`)
      only[side].push(attribute)
      continue
    }
    const difference = other(attribute, valuesOf(a), valuesOf(b)) ?? other(`the default of ${attribute}`, usual(a), usual(b))
    if (difference !== undefined) differences.push(difference)
    const codes = (one: AttributeDefinition, another: AttributeDefinition) =>
      [...(one.codes?.keys() ?? [])].filter(code => !another.codes?.has(code)).map(code => `the code "${code}" of ${attribute}`)
    only.there.push(...codes(a, b))
    only.here.push(...codes(b, a))
  }
  // What only one of them has is growth, as long as the other has nothing that the one lacks.
  if (differences.length === 0 && only.there.length > 0 && only.here.length > 0)
    differences.push(`only there: ${only.there.join(', ')}; only here: ${only.here.join(', ')}`)
  return differences.length > 0 ? differences.join('; ') : undefined
}

function valuesOf({ unit }: AttributeDefinition): string {
  return unit ? `an amount in ${unit.name}` : 'a code of a list'
}

function usual(attribute: AttributeDefinition): string | number {
  return attribute.default ?? 'none'
}
