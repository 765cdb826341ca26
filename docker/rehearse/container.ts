import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HealthCheck, Stage } from './dockerfile.ts'
import { fail } from './fail.ts'

/** An image as laid out in a folder, and the only folder of programs that its processes find. */
export type Image = { stage: Stage; root: string; nodeFolder: string }

export type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }
export type Running = { ended: Promise<Ended>; hasEnded(): boolean; kill(signal: NodeJS.Signals): void; said(): string }

const running = new Set<Running>()

/** Kills whatever still runs; waits for its end. */
export async function killAll(): Promise<void> {
  const left = [...running]
  for (const one of left) one.kill('SIGKILL')
  await Promise.all(left.map(one => one.ended.catch(() => {})))
}

/** As `docker run <image> <command>` does: the image's environment and what is handed in, nothing of ours; its user when we are root. */
export function start(image: Image, environment: Record<string, string>, command = image.stage.command): Running {
  return launch(image, environment, [...image.stage.entrypoint, ...command])
}

function launch({ stage, root, nodeFolder }: Image, environment: Record<string, string>, words: string[]): Running {
  const [program = '', ...args] = words
  // No folder for anything that would be written: the root file system may be read-only.
  const nowhere = { HOME: '/nonexistent', TMPDIR: '/nonexistent' }
  const env = { PATH: nodeFolder, ...nowhere, ...stage.environment, ...environment }
  const account = process.getuid?.() === 0 ? stage.user : undefined
  const child = spawn(program, args, { cwd: join(root, stage.workdir), env, stdio: ['ignore', 'pipe', 'pipe'], ...account })
  let stdout = ''
  let stderr = ''
  let over = false
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  }).finally(() => {
    over = true
    running.delete(self)
  })
  ended.catch(() => {})
  const self: Running = {
    ended,
    hasEnded: () => over,
    kill: signal => void child.kill(signal),
    said: () => `${stdout}${stderr}`.slice(-4000),
  }
  running.add(self)
  return self
}

/** Runs a command to its end and expects its exit code. */
export async function runToEnd(image: Image, environment: Record<string, string>, command: string[], expected = 0): Promise<Ended> {
  const ended = await start(image, environment, command).ended
  if (ended.code !== expected)
    fail(`${command.join(' ')}: exit code ${ended.code ?? ended.signal}, not ${expected}\n${ended.stderr}${ended.stdout}`)
  return ended
}

/** Asks the image's HEALTHCHECK once, as Docker does inside the container: true when it says healthy in time. */
export async function isHealthy(image: Image, environment: Record<string, string>, { command, timeoutMs }: HealthCheck): Promise<boolean> {
  const asked = launch(image, environment, command)
  const late = setTimeout(() => asked.kill('SIGKILL'), timeoutMs)
  const { code } = await asked.ended
  clearTimeout(late)
  return code === 0
}

/** Waits until the HEALTHCHECK says healthy, at most as long as its start period. */
export async function waitUntilHealthy(
  image: Image,
  environment: Record<string, string>,
  check: HealthCheck,
  service: Running,
): Promise<void> {
  const deadline = Date.now() + check.startPeriodMs
  while (!(await isHealthy(image, environment, check))) {
    if (service.hasEnded()) fail(`the service ended before it was healthy\n${service.said()}`)
    if (Date.now() > deadline)
      fail(`the service is not healthy after its start period of ${check.startPeriodMs / 1000} s\n${service.said()}`)
    await sleep(200)
  }
}
