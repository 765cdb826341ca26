import Type, { type Static } from 'typebox'
import { Name, strict } from '../../document-parts.ts'
import type { EvidenceRecord } from '../../evidence/facts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { codesUnit } from '../../vocabulary.ts'
import { heldOn } from '../held.ts'
import type { Evaluation } from '../measure.ts'
import { compileSelection, DateRef, selectionFields, withKind } from '../selection.ts'

const schema = strict({ ...selectionFields, code: Name, on: Type.Optional(DateRef) })

/** The codes of the records that hold on a date, each once. An event holds for ever after. */
export const codes: MeasureKind<Static<typeof schema>> = {
  name: 'codes',
  schema,
  compile(source, place, compilation) {
    const selection = compileSelection(source, place, compilation)
    const on = compilation.date(source.on ?? 'reference', inside(place, 'on'))
    if (!selection) return undefined
    const { kind } = selection
    const list = kind.attributes.get(source.code)?.codes
    if (!list) return compilation.error('unknown-name', inside(place, 'code').pointer, `${source.of} has no code "${source.code}"`)
    const held = (evaluation: Evaluation): readonly EvidenceRecord[] | undefined => {
      if (kind.shape === 'span' || kind.shape === 'certificate') return heldOn(selection, on, evaluation)
      const day = evaluation.dates[on]
      return day === undefined ? undefined : selection.records(evaluation)?.filter(record => record.from <= day)
    }
    return {
      unit: compilation.unit(codesUnit),
      kinds: [...new Set([...selection.kinds, ...compilation.dateKinds(on)])],
      codes: new Set(list.keys()),
      single: kind.shape === 'trait',
      compute(evaluation) {
        const records = held(evaluation)
        if (!records) return undefined
        const codes: string[] = []
        for (const record of records) {
          const code = record.codes[source.code] as string
          if (!codes.includes(code)) codes.push(code)
        }
        return codes
      },
      records: evaluation => withKind(selection, held(evaluation) ?? []),
    }
  },
}
