import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import type { Stage, Step } from './dockerfile.ts'
import { fail } from './fail.ts'

/** Lays into `to` what .dockerignore lets through, as the Docker client sends it. Its names come back. */
export function layContext(project: string, to: string): string[] {
  const names = allowed(readFileSync(join(project, '.dockerignore'), 'utf8')).filter(name => existsSync(join(project, name)))
  mkdirSync(to, { recursive: true })
  for (const name of names) cpSync(join(project, name), join(to, name), { recursive: true, verbatimSymlinks: true })
  return names
}

/** Our .dockerignore is a list of what may pass: `*`, then `!name` of something at the top. */
function allowed(text: string): string[] {
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
  if (lines[0] !== '*') fail('.dockerignore: the first pattern is not "*", so what is not named would pass')
  return lines.slice(1).map(line => /^!([\w-][\w.-]*)$/.exec(line)?.[1] ?? fail(`.dockerignore: only !name is known here, not ${line}`))
}

type Build = { stages: Stage[]; context: string; folder: string; nodeFolder: string; tell: (line: string) => void }

/** Takes the steps of every stage, each in a folder of its own. The folder of the last is the image's root. */
export function build({ stages, context, folder, nodeFolder, tell }: Build): string {
  const roots = new Map<string, string>()
  const rootOf = (name: string) => roots.get(name) ?? fail(`COPY --from=${name}: there is no such stage before it`)
  let root = ''
  for (const [index, stage] of stages.entries()) {
    root = join(folder, stage.name ?? `stage-${index}`)
    mkdirSync(root, { recursive: true })
    const base = roots.get(stage.from)
    if (base !== undefined) cpSync(base, root, { recursive: true, verbatimSymlinks: true })
    for (const { workdir, line, step } of stage.steps) {
      const started = performance.now()
      const cwd = join(root, workdir)
      mkdirSync(cwd, { recursive: true })
      if (step.word === 'COPY') copy(step, step.from === undefined ? context : rootOf(step.from), root, cwd, line)
      else run(step.command, cwd, { ...buildEnvironment(nodeFolder), ...stage.environment }, line)
      if (step.word === 'RUN') tell(`  RUN ${step.command.join(' ')}: ${seconds(started)}`)
    }
    mkdirSync(join(root, stage.workdir), { recursive: true })
    if (stage.name !== undefined) roots.set(stage.name, root)
  }
  return root
}

function copy({ sources, to }: Step & { word: 'COPY' }, from: string, root: string, cwd: string, line: number): void {
  const target = to.startsWith('/') ? join(root, to) : join(cwd, to)
  for (const source of sources) {
    const path = join(from, source)
    if (!existsSync(path)) fail(`Dockerfile:${line}: COPY ${source}: not there (or .dockerignore keeps it out)`)
    const isFolder = statSync(path).isDirectory() // Docker copies what is in a folder, not the folder
    const place = !isFolder && to.endsWith('/') ? join(target, basename(source)) : target
    mkdirSync(isFolder ? place : dirname(place), { recursive: true })
    cpSync(path, place, { recursive: true, verbatimSymlinks: true })
  }
}

function run([program = '', ...args]: string[], cwd: string, env: NodeJS.ProcessEnv, line: number): void {
  try {
    execFileSync(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: Buffer; stderr?: Buffer }
    fail(`Dockerfile:${line}: RUN ${program} failed\n${stdout}${stderr}`.trimEnd())
  }
}

/**
 * Not our own environment: under `npm run` that is full of npm_* (a prefix among them), and npm ci must touch nothing but its folder. What is
 * kept is what it takes to reach a registry through a proxy.
 */
function buildEnvironment(nodeFolder: string): NodeJS.ProcessEnv {
  const kept = /^(HOME|npm_config_(registry|cache)|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|(https?|no)_proxy)$/i
  const own = Object.entries(process.env).filter(([name]) => kept.test(name))
  return { ...Object.fromEntries(own), PATH: [nodeFolder, process.env.PATH].join(delimiter) }
}

export function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`
}
