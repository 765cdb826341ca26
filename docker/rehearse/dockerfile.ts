import { fail } from './fail.ts'

/** A step that changes files. Anything else in a stage is a setting. */
export type Step = { word: 'COPY'; from: string | undefined; sources: string[]; to: string } | { word: 'RUN'; command: string[] }

export type HealthCheck = { command: string[]; intervalMs: number; timeoutMs: number; startPeriodMs: number; retries: number }

export type Stage = {
  /** The stage or the image that it starts from. */
  from: string
  name: string | undefined
  /** Where each step runs is the WORKDIR at that point. */
  steps: { workdir: string; line: number; step: Step }[]
  workdir: string
  environment: Record<string, string>
  user: { uid: number; gid: number } | undefined
  entrypoint: string[]
  command: string[]
  healthCheck: HealthCheck | undefined
  stopSignal: string
}

/**
 * Reads as much of the Dockerfile language as our Dockerfile uses. Whatever else it meets is refused: a step that is silently left
 * out would make the rehearsal prove an image that nobody builds.
 */
export function readDockerfile(text: string): Stage[] {
  const stages: Stage[] = []
  for (const { line, word, rest } of instructions(text)) {
    const no = (why: string): never => fail(`Dockerfile:${line}: ${why}`)
    if (word === 'FROM') {
      const [, from, name] = /^(\S+)(?: AS (\S+))?$/i.exec(rest) ?? no('FROM <image or stage> [AS <name>] is all that is known')
      stages.push(stageFrom(from as string, name, stages))
      continue
    }
    const stage = stages.at(-1) ?? no(`${word} before the first FROM`)
    if (word !== 'RUN' && word !== 'HEALTHCHECK' && rest.includes('$')) no(`variables in ${word} are not known`)
    const step = (step: Step) => stage.steps.push({ workdir: stage.workdir, line, step })
    if (word === 'COPY') step(copyOf(rest, no))
    else if (word === 'RUN') step({ word, command: commandOf(rest, no) })
    else if (word === 'WORKDIR') stage.workdir = rest.startsWith('/') ? rest : no('WORKDIR is an absolute path')
    else if (word === 'ENV') Object.assign(stage.environment, pairsOf(rest, no))
    else if (word === 'USER') stage.user = userOf(rest, no)
    else if (word === 'ENTRYPOINT') {
      stage.entrypoint = execForm(rest, no)
      stage.command = [] // as Docker does: an entry point forgets the command that came with its base
    } else if (word === 'CMD') stage.command = execForm(rest, no)
    else if (word === 'HEALTHCHECK') stage.healthCheck = healthCheckOf(rest, no)
    else if (word === 'STOPSIGNAL') stage.stopSignal = rest
    else if (word === 'LABEL') pairsOf(rest, no)
    else if (word === 'EXPOSE') /^\d+$/.test(rest) || no('EXPOSE is a port number')
    else no(`${word} is not known here; teach it to docker/rehearse first`)
  }
  return stages
}

type Refuse = (why: string) => never

/** Instructions with their line; continued lines are joined, comments and empty lines dropped. */
function instructions(text: string): { line: number; word: string; rest: string }[] {
  const found: { line: number; word: string; rest: string }[] = []
  let open: { line: number; text: string } | undefined
  for (const [index, raw] of text.split('\n').entries()) {
    if (/^\s*#\s*(syntax|escape|check)\s*=/i.test(raw)) fail(`Dockerfile:${index + 1}: parser directives are not known here`)
    if (/^\s*(#|$)/.test(raw)) continue
    const goesOn = /\\\s*$/.test(raw)
    open = { line: open?.line ?? index + 1, text: `${open?.text ?? ''}${raw.replace(/\\\s*$/, '').trim()} ` }
    if (goesOn) continue
    const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(open.text.trim()) ?? []
    if (rest.includes('<<')) fail(`Dockerfile:${open.line}: here-documents are not known here`)
    found.push({ line: open.line, word: word.toUpperCase(), rest })
    open = undefined
  }
  if (open !== undefined) fail(`Dockerfile:${open.line}: the last line goes on into nothing`)
  return found
}

function stageFrom(from: string, name: string | undefined, earlier: Stage[]): Stage {
  const base = earlier.find(stage => stage.name === from)
  if (base === undefined) {
    const settings = {
      workdir: '/',
      environment: {},
      user: undefined,
      entrypoint: [],
      command: [],
      healthCheck: undefined,
      stopSignal: 'SIGTERM',
    }
    return { from, name, steps: [], ...settings }
  }
  return { ...structuredClone(base), from, name, steps: [] }
}

function copyOf(rest: string, no: Refuse): Step {
  const words = rest.split(/\s+/)
  const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined
  const odd = words.find(word => word.startsWith('--') || /[*?[\]"]/.test(word))
  if (odd !== undefined) no(`COPY ${odd}: only --from and plain paths are known`)
  const to = words.pop()
  if (to === undefined || words.length === 0) return no('COPY needs a source and a target')
  if (words.length > 1 && !to.endsWith('/')) no('COPY of several sources needs a target that ends with /')
  return { word: 'COPY', from, sources: words, to }
}

/** RUN lines are run on this very machine, maybe as root, so only two programs and no shell are let through. */
function commandOf(rest: string, no: Refuse): string[] {
  const words = rest.split(/\s+/)
  const plain = words.every(word => /^[A-Za-z0-9=,.-]+$/.test(word) && !word.includes('..'))
  const known = (words[0] === 'npm' && words[1] === 'ci') || (words[0] === 'chmod' && words.at(-1) === '.')
  return plain && known ? words : no('RUN: only "npm ci …" and "chmod … ." are rehearsed outside Docker')
}

function pairsOf(rest: string, no: Refuse): Record<string, string> {
  const pair = /([A-Za-z_][\w.-]*)=("[^"\\]*"|[^\s"'\\]+)(?:\s+|$)/y
  const pairs: Record<string, string> = {}
  while (pair.lastIndex < rest.length) {
    const [, name, value] = pair.exec(rest) ?? no('only NAME=value and NAME="value" are known')
    pairs[name as string] = (value as string).replace(/^"|"$/g, '')
  }
  return pairs
}

function userOf(rest: string, no: Refuse): { uid: number; gid: number } {
  const [, uid, gid] = /^(\d+):(\d+)$/.exec(rest) ?? no('USER is <uid>:<gid>, in numbers')
  return { uid: Number(uid), gid: Number(gid) }
}

function execForm(rest: string, no: Refuse): string[] {
  let words: unknown
  try {
    words = JSON.parse(rest)
  } catch {}
  return Array.isArray(words) && words.length > 0 && words.every(word => typeof word === 'string')
    ? words
    : no('only the exec form ["…", "…"] is known')
}

function healthCheckOf(rest: string, no: Refuse): HealthCheck {
  const [, flags = '', command = ''] =
    /^((?:--\S+\s+)*)CMD\s+(.*)$/.exec(rest) ?? no('HEALTHCHECK [--flags] CMD ["…"] is all that is known')
  const check = { command: execForm(command, no), intervalMs: 30_000, timeoutMs: 30_000, startPeriodMs: 0, retries: 3 }
  for (const flag of flags.split(/\s+/).filter(Boolean)) {
    const [, name, number, unit] = /^--([a-z-]+)=(\d+)(s|m)?$/.exec(flag) ?? no(`HEALTHCHECK ${flag}?`)
    const ms = Number(number) * (unit === 'm' ? 60_000 : 1000)
    if (name === 'interval' && unit) check.intervalMs = ms
    else if (name === 'timeout' && unit) check.timeoutMs = ms
    else if (name === 'start-period' && unit) check.startPeriodMs = ms
    else if (name === 'retries' && !unit) check.retries = Number(number)
    else no(`HEALTHCHECK ${flag}?`)
  }
  return check
}
