import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** The flags of Node with which package.json starts the command line. */
export function nodeFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8')) as {
    scripts: { points: string }
  }
  return scripts.points.split(' ').filter(word => word.startsWith('--'))
}
