import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { lintScheme } from '../../src/scoring/scheme/lint.ts'
import { readDocument } from '../../src/values/document.ts'
import { shippedSchemes, vocabularyOf } from '../support/cases.ts'
import { type Mutant, survivors } from '../support/mutants.ts'

// Whoever changes a single figure, comparison, cap or rounding of a complete scheme must make a case fail. What no case can tell apart
// is listed beside the scheme with its reason, and the list is as long as it must be and no longer.

const root = fileURLToPath(new URL('../../schemes/', import.meta.url))
const named = ({ at, to }: Mutant) => `${at} -> ${to}`

for (const name of shippedSchemes) {
  const text = readFileSync(`${root}${name}/scheme.yaml`, 'utf8')
  // The authors of some incomplete schemes have listed their equivalents, too.
  const list = `${root}${name}/equivalent-mutants.yaml`
  if (lintScheme(text, vocabularyOf).scheme?.status !== 'complete' && !existsSync(list)) continue
  t.test(`${name}: every mutant fails a case or is listed as equivalent`, async t => {
    const folder = `${root}${name}/cases/`
    const cases = readdirSync(folder).map(file => readFileSync(folder + file, 'utf8'))
    const listed = existsSync(list) ? (readDocument(readFileSync(list, 'utf8')).tree as unknown as (Mutant & { because: string })[]) : []
    const { mutants, survived } = survivors(text, cases)
    t.comment(`${mutants} mutants, ${survived.length} of them equivalent`)
    t.ok(mutants > 50, `${mutants} mutants`)
    const known = new Set(listed.map(named))
    t.same(
      survived.map(named).filter(one => !known.has(one)),
      [],
      'no unlisted mutant passes all cases',
    )
    const alive = new Set(survived.map(named))
    t.same(
      [...known].filter(one => !alive.has(one)),
      [],
      'no listed mutant fails a case',
    )
    t.ok(
      listed.every(({ because }) => because.length > 10),
      'every listed mutant has its reason',
    )
  })
}
