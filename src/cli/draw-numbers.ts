import { Refusal } from '../values/refusal.ts'

/** Reads the numbers of a draw: whole numbers with commas. */
export function readDrawNumbers(text: string): number[] {
  if (!/^\d{1,9}(,\d{1,9})*$/.test(text))
    throw new Refusal('wrong-usage', 'the numbers of a draw are whole numbers with commas, such as 1,5,9')
  return text.split(',').map(Number)
}
