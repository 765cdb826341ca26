import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

const kept = 20

/** Reads a program's error output line by line, hands each line to `log`, and gives the last 20 when asked. */
export function tailOf(child: ChildProcess, log?: (line: string) => void): () => string {
  const lines: string[] = []
  if (child.stderr === null) return () => ''
  createInterface({ input: child.stderr }).on('line', line => {
    lines.push(line)
    if (lines.length > kept) lines.shift()
    log?.(line)
  })
  return () => lines.join('\n')
}
