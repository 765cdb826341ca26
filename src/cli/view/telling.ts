import { kindIn, partAt, treeOf } from '../../scoring/diff/tree.ts'
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

/** What an item or a gate rests on, a line each: a source by its title (by its name where the scheme is not at hand), and what was assumed. */
export function ruleText({ source, assumption }: Origin, { language, words, scheme }: Telling): string[] {
  const title = source && scheme?.sources[source.ref]?.title
  return [
    ...(source ? [title === undefined ? words.rule(source.ref, source.article) : words.ruleOf(title, source.article)] : []),
    ...(assumption === undefined ? [] : [words.assumption(typeof assumption === 'string' ? assumption : assumption[language])]),
  ]
}

/** The kind of a measure and what the scheme says under it. */
export function measureSource(name: string, { scheme }: Telling): ReturnType<typeof kindIn> {
  return scheme && kindIn(partAt(treeOf(scheme), `/measures/${name}`))
}
