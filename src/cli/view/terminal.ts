/** What a terminal says of itself in the environment. */
export type TerminalEnvironment = {
  TERM?: string | undefined
  LC_ALL?: string | undefined
  LC_CTYPE?: string | undefined
  LANG?: string | undefined
}

/** Whether a terminal shows block characters: its locale is UTF-8 and it is not dumb. The first of the three that is set decides. */
export function drawsBlocks({ TERM, LC_ALL, LC_CTYPE, LANG }: TerminalEnvironment): boolean {
  return TERM !== 'dumb' && /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '')
}

const eighths = ' ▏▎▍▌▋▊▉'

/**
 * A bar whose length is value / most of `columns`, in eighths of a column, or whole `#` without block characters. What is more than
 * nothing is never drawn as nothing.
 */
export function bar(value: number, most: number, columns: number, blocks: boolean): string {
  if (value <= 0 || most <= 0) return ''
  const steps = blocks ? 8 : 1
  const length = Math.max(1, Math.min(Math.round((value * columns * steps) / most), columns * steps))
  const full = Math.floor(length / steps)
  return (blocks ? '█' : '#').repeat(full) + (blocks && length % 8 > 0 ? eighths[length % 8] : '')
}
