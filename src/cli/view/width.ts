/*
 * How wide a text stands in a terminal, and lines that keep to a width. Chinese characters and full-width marks take two columns.
 */

/** Code points two columns wide: the wide and full-width ranges of Unicode's East Asian Width, in the blocks that names and rules use. */
const wide: readonly (readonly [from: number, to: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe4f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
]
const combining = /^\p{M}$/u

/** Columns that a text takes, by code points. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

function characterWidth(character: string): number {
  const point = character.codePointAt(0) as number
  if (point < 0x300) return 1
  if (wide.some(([from, to]) => point >= from && point <= to)) return 2
  return combining.test(character) ? 0 : 1
}

/** No line begins with one of these. */
const closing = /^[，。；：、！？）」』》〉】”’,.;:!?)\]]/u
/** No line ends with one of these. */
const opening = /[（「『《〈【“‘([]$/u

/**
 * Breaks a text into lines of at most `columns`: at spaces, and between wide characters as Chinese is broken. The first line begins with
 * `first`, the others with `rest`. A word longer than a line is cut.
 */
export function wrapped(text: string, columns: number, first = '', rest = first): string[] {
  const lines: string[] = []
  let line = first
  let used = displayWidth(first)
  let empty = true
  const feed = () => {
    lines.push(line.trimEnd())
    line = rest
    used = displayWidth(rest)
    empty = true
  }
  for (const piece of pieces(text)) {
    const space = piece.startsWith(' ')
    if (space && empty) continue
    const width = displayWidth(piece)
    if (!space && used + width > columns && !empty) feed()
    if (used + width <= columns || space) {
      line += piece
      used += width
      empty = false
      continue
    }
    for (const character of piece) {
      if (used + characterWidth(character) > columns && !empty) feed()
      line += character
      used += characterWidth(character)
      empty = false
    }
  }
  if (!empty || lines.length === 0) feed()
  return lines
}

/** Runs that are not broken inside: spaces, words, and single wide characters together with the marks that cling to them. */
function pieces(text: string): string[] {
  const result: string[] = []
  for (const character of text) {
    const last = result.at(-1)
    const clings =
      last !== undefined &&
      character !== ' ' &&
      !last.endsWith(' ') &&
      (closing.test(character) || opening.test(last) || (displayWidth(character) < 2 && displayWidth([...last].at(-1) as string) < 2))
    if (last !== undefined && (clings || (character === ' ' && last.endsWith(' ')))) result[result.length - 1] = last + character
    else result.push(character)
  }
  return result
}

/** A text filled up with spaces to a width; longer ones stay as they are. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)))
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - displayWidth(text))) + text
}
