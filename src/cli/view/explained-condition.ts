import type { ConditionExplanation } from '../../scoring/explanation.ts'
import type { Labels } from './labels.ts'
import type { Words } from './words.ts'

/** One question of a condition, told: what was found and what was asked. `measure` is undefined if it asks for the row of a choice. */
export type Question = { measure: string | undefined; text: string }

/** The questions that settle a condition: of an `any` the part that holds, of an `all` the parts that fail, else all of them. */
export function questions(condition: ConditionExplanation, words: Words, labels: Labels): Question[] {
  const { parts, test, answer, measure } = condition
  if (parts) {
    const settling = parts.filter(part => test === 'not' || part.answer === answer)
    const told = answer === 'missing' || settling.length === 0 ? parts.filter(part => part.answer !== 'yes') : settling
    const shown = test === 'any' && answer === 'yes' ? told.slice(0, 1) : told
    const inner = shown.flatMap(part => questions(part, words, labels))
    return test === 'not' ? inner.map(question => ({ ...question, text: words.not(question.text) })) : inner
  }
  if (measure !== undefined) return [{ measure, text: words.asked(testText(test, words, labels)) }]
  const chosen = / took (.+)$/.exec(test)
  if (!chosen) return [{ measure: undefined, text: test }]
  const found = typeof condition.value === 'string' ? condition.value : words.none
  const item = test.slice(0, chosen.index)
  return [{ measure: undefined, text: `${words.rowOf(item, found)}${words.semicolon}${words.asked(chosen[1] as string)}` }]
}

/** "atLeast 12, below 60" in words. */
function testText(test: string, words: Words, labels: Labels): string {
  return test
    .split(', ')
    .map(one => {
      const space = one.indexOf(' ')
      const figure = one.slice(space + 1)
      const tell = words.tests[one.slice(0, space)]
      if (!tell) return one
      return tell(figure === 'yes' ? words.yes : figure === 'no' ? words.no : labels.code(figure))
    })
    .join(words.comma)
}
