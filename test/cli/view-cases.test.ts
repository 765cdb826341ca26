import t from 'tap'
import { explainedText } from '../../src/cli/view/explained.ts'
import { displayWidth } from '../../src/cli/view/width.ts'
import type { Language } from '../../src/cli/view/words.ts'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { explain } from '../../src/scoring/explain.ts'
import type { Explanation } from '../../src/scoring/explanation.ts'
import { prospects } from '../../src/scoring/prospects.ts'
import type { Scheme } from '../../src/scoring/scheme/scheme.ts'
import { scorer, scoreTexts } from '../../src/scoring/score.ts'
import { readDocument, type Tree } from '../../src/values/document.ts'
import { casesOf, day, shippedScheme, shippedSchemes } from '../support/cases.ts'

/*
 * Every case of every shipped scheme in words. What a scheme quotes in one language only (sources, articles, assumptions) is left out here, so that
 * every other word must be of the language that is asked for.
 */

/** Looking years ahead takes long, so what would change a score is told of so many cases of a scheme. */
const withProspects = 1

for (const name of shippedSchemes)
  t.test(name, async t => {
    const scheme = unquoted(shippedScheme(name))
    const wrong: string[] = []
    let told = 0
    for (const [i, one] of casesOf(name).entries()) {
      const bound = scorer(scheme, day(one.asOf))
      const facts = readFacts(scheme.vocabulary, one.facts)
      const { score, explanation } = explain(bound, facts)
      const options = {
        scheme,
        score: scoreTexts(scheme, score),
        ...(i < withProspects && { prospects: prospects(bound, facts) }),
      }
      for (const language of ['en', 'zh-CN'] as const)
        for (const columns of [40, 80]) {
          const lines = explainedText(unquotedExplanation(explanation), language, { ...options, columns }).split('\n')
          told += lines.length
          for (const line of lines) for (const fault of faultsOf(line, language, columns)) wrong.push(`${one.name}: ${fault}: ${line}`)
        }
    }
    t.ok(told > 100)
    t.strictSame(wrong.slice(0, 20), [])
  })

function faultsOf(line: string, language: Language, columns: number): string[] {
  const faults: string[] = []
  if (/undefined|null|NaN|\[object|Infinity/.test(line)) faults.push('not a word')
  if (displayWidth(line) > columns) faults.push('too wide')
  if (language === 'en' && /[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]/.test(line)) faults.push('Chinese in English')
  if (language === 'zh-CN' && /[A-Za-z]{2}/.test(line)) faults.push('English in Chinese')
  return faults
}

/** A scheme without what it quotes. */
function unquoted(scheme: Scheme): Scheme {
  return { ...scheme, text: JSON.stringify(withoutQuotes(readDocument(scheme.text).tree)), sources: {} }
}

function unquotedExplanation(explanation: Explanation): Explanation {
  return withoutQuotes(explanation as unknown as Tree) as unknown as Explanation
}

function withoutQuotes(tree: Tree): Tree {
  if (Array.isArray(tree)) return tree.map(withoutQuotes)
  if (typeof tree !== 'object' || tree === null) return tree
  return Object.fromEntries(
    Object.entries(tree).map(([field, part]) => {
      if (field === 'ref' || field === 'article' || field === 'assumption') return [field, '§']
      // An office that attests a measure has no title.
      if (field === 'attested' && part !== null) return [field, { ...(part as object), source: '§' }]
      return [field, withoutQuotes(part)]
    }),
  )
}
