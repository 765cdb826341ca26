import type { Origin } from '../../scoring/document-parts.ts'
import type { Explanation } from '../../scoring/explanation.ts'
import type { Scheme } from '../../scoring/scheme/scheme.ts'
import type { Vocabulary } from '../../scoring/vocabulary.ts'
import type { Labels } from './labels.ts'
import type { Language, Words } from './words.ts'

/** A line of an explanation and how deep it stands. */
export type Line = { depth: number; text: string }

/** What is told, in which words, and by which names. */
export type Telling = {
  language: Language
  words: Words
  labels: Labels
  explanation: Explanation
  vocabulary: Vocabulary | undefined
  scheme: Scheme | undefined
}

/** What an item or a gate rests on, as one line; none if nothing is said. */
export function ruleText(rule: Origin, words: Words): string[] {
  if (rule.source) return [words.rule(rule.source.ref, rule.source.article)]
  return rule.assumption === undefined ? [] : [words.assumption(rule.assumption)]
}
