import { at } from '../../values/refusal.ts'
import { codesOf, type KindSource, kindsOf, type MeasureDefinition, type UnitSource, unitsOf, type Vocabulary } from '../vocabulary.ts'

/*
 * What a scheme names itself because the vocabulary lacks it: units, kinds of evidence, measures. Facts are read with the two together.
 */

/** The vocabulary and the units and kinds of evidence of a scheme. A name has one meaning: the vocabulary's cannot be given another. */
export function extendVocabulary(
  base: Vocabulary,
  units: { [name: string]: UnitSource } = {},
  evidence: { [name: string]: KindSource } = {},
  tell: (code: string, pointer: string, message: string) => void,
): Vocabulary {
  const own = (section: string, sources: object, known: ReadonlyMap<string, unknown>) => {
    for (const name of Object.keys(sources))
      if (known.has(name))
        tell('name-taken', at(`/${section}`, name), `the vocabulary has "${name}" already; use it as it is, or choose another name`)
  }
  own('units', units, base.units)
  own('evidence', evidence, base.kinds)
  // What the vocabulary has stays as it is, so that no second fault follows from a name that is taken.
  const allUnits = new Map([...unitsOf(units), ...base.units])
  const kinds = new Map([...kindsOf(evidence, allUnits, '/evidence', tell), ...base.kinds])
  return { ...base, units: allUnits, kinds, codes: codesOf(kinds) }
}

/** The vocabulary and the measures that a scheme names itself. */
export function withMeasures(vocabulary: Vocabulary, measures: readonly MeasureDefinition[]): Vocabulary {
  return { ...vocabulary, measures: new Map([...vocabulary.measures, ...measures.map(measure => [measure.name, measure] as const)]) }
}
