import Type from 'typebox'

/** One of a few words. */
export function choiceOf<Word extends string>(...words: Word[]) {
  return Type.Unsafe<Word>({ type: 'string', enum: words })
}
