/*
 * What an unknown name was probably meant to be.
 */

/** The known name that is nearest to an unknown one, if it is near: the same letters in another case or width, or one slip (of six letters on two). */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = folded(name)
  let best: { one: string; edits: number } | undefined
  for (const one of known) {
    const other = folded(one)
    // Two other letters in a word of four make another word, and so does one in a word of two.
    const most = Math.min(Math.floor(other.length / 3), best ? best.edits - 1 : 2)
    // Figures are no slips: level-6 is not level-5.
    if (Math.abs(other.length - wanted.length) > most || digitsOf(other) !== digitsOf(wanted)) continue
    const edits = distance(other, wanted)
    if (edits <= most) best = { one, edits }
  }
  return best?.one
}

/** The question whether a known name was meant, if one is near. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const near = nearest(name, known)
  return near === undefined ? undefined : `did you mean "${near}"?`
}

/** Without letter case, and full-width letters as the Latin ones. */
function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

function digitsOf(name: string): string {
  return name.replace(/\D/g, '')
}

/** The number of letters to put in, to leave out, to exchange, or to swap with the next, between two words. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = isSwap ? (before[j - 2] as number) + 1 : change
      next.push(Math.min(change, swap, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    before = row
    row = next
  }
  return row[b.length] as number
}
