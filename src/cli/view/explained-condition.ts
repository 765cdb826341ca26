import type { ConditionExplanation } from '../../scoring/explanation.ts'
import type { Labels } from './labels.ts'
import type { Words } from './words.ts'

/** One question of a condition. `measure` is undefined if it looks at the row of a choice; then `test` also tells the row found. */
export type Question = { measure: string | undefined; test: string }

/** The questions that settle a condition: of an `any` the first part that holds, of an `all` the parts that fail, else all of them. */
export function questions(condition: ConditionExplanation, words: Words, labels: Labels): Question[] {
  const { parts, test, answer, measure } = condition
  if (parts) {
    const inner = settling(parts, test, answer).flatMap(part => questions(part, words, labels))
    return test === 'not' ? inner.map(question => ({ ...question, test: words.not(question.test) })) : inner
  }
  if (measure !== undefined) return [{ measure, test: testText(test, words, labels) }]
  return [{ measure: undefined, test: rowText(condition, words, labels) }]
}

function settling(parts: ConditionExplanation[], test: string, answer: ConditionExplanation['answer']): ConditionExplanation[] {
  if (test === 'not') return parts
  const agreeing = parts.filter(part => part.answer === answer)
  return test === 'any' && answer === 'yes' ? agreeing.slice(0, 1) : agreeing
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

/** "education took bachelor" in words. */
function rowText({ test, value, answer }: ConditionExplanation, words: Words, labels: Labels): string {
  const [item = '', row = ''] = test.split(' took ')
  const found = words.rowOf(labels.item(item), typeof value === 'string' ? labels.code(value) : words.none)
  return answer === 'yes' ? found : `${found}${words.semicolon}${words.asked(labels.code(row))}`
}
