import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { nodeFlags } from './node-flags.ts'

export type RunApart = { run: number; seconds: { [stage: string]: number }; items: number; listDigest: string; peakNodeMiB: number }

/** Runs the round in a process of its own (run.ts) and gives what it came to, and the most memory that process had. */
export async function runApart(job: { url: string; round: string }): Promise<RunApart> {
  const child = spawn(process.execPath, [...nodeFlags(), join(import.meta.dirname, 'run.ts'), JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', piece => {
    text += piece
  })
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`the run ended with exit code ${code}`)
  return JSON.parse(text)
}
