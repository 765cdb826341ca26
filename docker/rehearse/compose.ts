import { execFileSync, spawnSync } from 'node:child_process'
import { parseDocument } from 'yaml'
import { readConfig } from '../../src/config.ts'
import { parseKeys } from '../../src/store/encryption.ts'
import { fail } from './fail.ts'

type Service = {
  build?: unknown
  command?: string[]
  environment?: Record<string, string>
  depends_on?: Record<string, { condition?: string }>
  healthcheck?: { test?: string[]; disable?: boolean }
  volumes?: string[]
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
}
type Compose = { services: { postgres: Service; migrate: Service; api: Service; worker: Service }; volumes: Record<string, unknown> }

/** What a service gets once the variables have their values. */
export type Composed = {
  migrate: { command: string[] | undefined; environment: Record<string, string> }
  api: { command: string[] | undefined; environment: Record<string, string> }
  worker: { command: string[] | undefined; environment: Record<string, string> }
}

/**
 * Checks docker-compose.yml and gives what `migrate`, `api` and `worker` are started with. It knows only our four services; what
 * `docker compose config` checks beside (the schema) it leaves to that.
 */
export function checkCompose(text: string, values: Record<string, string>): Composed {
  const document = parseDocument(text, { merge: true, uniqueKeys: true })
  for (const error of [...document.errors, ...document.warnings]) no(error.message)
  const compose = document.toJS() as Compose
  const names = Object.keys(compose.services ?? {})
    .sort()
    .join(' ')
  if (names !== 'api migrate postgres worker') no(`the services are ${names}, not api, migrate, postgres and worker`)

  const required = new Set<string>()
  eachText(compose, '', (place, value) => {
    for (const { name, mark } of variables(value, place)) {
      if (mark === ':?') required.add(name)
      else if (secretName.test(name)) no(`${place}: a secret must not have a default`)
    }
    refuseSecret(place, value)
  })
  for (const name of Object.keys(values)) if (!required.has(name)) no(`\${${name}:?…} is nowhere required`)
  for (const name of required)
    if (!(name in values)) no(`\${${name}:?…} is required, but docs/deployment.md and this rehearsal do not know it`)

  const { postgres, migrate, api, worker } = compose.services
  if (!postgres.healthcheck?.test) no('postgres has no health check: migrate would start too early')
  // The image of 18 keeps its data in /var/lib/postgresql/18/docker; a volume at …/data stays empty and the data go with the container.
  const [volume, target] = postgres.volumes?.[0]?.split(':') ?? []
  if (target !== '/var/lib/postgresql' || !(volume !== undefined && volume in compose.volumes))
    no('postgres has no named volume at /var/lib/postgresql')
  needs('migrate', migrate, 'postgres', 'service_healthy')
  needs('api', api, 'migrate', 'service_completed_successfully')
  needs('worker', worker, 'migrate', 'service_completed_successfully')
  if (api.healthcheck?.disable) no('api: its health check is disabled')
  for (const [name, service] of Object.entries({ migrate, api, worker })) {
    if (service.build === undefined) no(`${name} is not built from here`)
    if (service.read_only !== true) no(`${name} is not read_only`)
    if (service.cap_drop?.join() !== 'ALL') no(`${name} keeps capabilities`)
    if (!service.security_opt?.includes('no-new-privileges:true')) no(`${name} lacks no-new-privileges`)
  }
  const composed = { migrate: startOf(migrate, values), api: startOf(api, values), worker: startOf(worker, values) }
  for (const { environment } of Object.values(composed)) parseKeys(readConfig(environment).keys ?? '') // refuses what the program would refuse
  if (readConfig(composed.api.environment).workers !== 0) no('api: it does runs itself, beside the worker')
  return composed
}

/** Asks `docker compose config` too, where the client has it; no engine is needed for that. Says whether it was there. */
export function askDocker(file: string, values: Record<string, string>): boolean {
  if (spawnSync('docker', ['compose', 'version']).status !== 0) return false
  const { PATH, HOME = '' } = process.env
  const config = (env: Record<string, string>) =>
    execFileSync('docker', ['compose', '--env-file', '/dev/null', '--file', file, 'config', '--quiet'], {
      env: { PATH, HOME, ...env },
      stdio: 'pipe',
    })
  try {
    config(values)
  } catch (error) {
    no(`docker compose config: ${(error as { stderr: Buffer }).stderr}`)
  }
  for (const left of Object.keys(values)) {
    let passed = true
    try {
      config(Object.fromEntries(Object.entries(values).filter(([name]) => name !== left)))
    } catch {
      passed = false
    }
    if (passed) no(`docker compose config accepts a start without ${left}`)
  }
  return true
}

function no(message: string): never {
  return fail(`docker-compose.yml: ${message}`)
}

function needs(name: string, service: Service, other: string, condition: string): void {
  if (service.depends_on?.[other]?.condition !== condition) no(`${name} does not wait for ${other}: ${condition}`)
}

function eachText(value: unknown, place: string, visit: (place: string, text: string) => void): void {
  if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) eachText(inner, `${place}/${key}`, visit)
  else visit(place, String(value))
}

const secretName = /password|passwd|secret|token|keys?$|credential/i
const reference = /\$\{([A-Z_]+)(:\?|:-)([^}]*)\}/g

function variables(text: string, place: string): { name: string; mark: string }[] {
  const rest = text.replaceAll('$$', '').replace(reference, '')
  if (rest.includes('$')) no(`${place}: write \${NAME:?why} or \${NAME:-default}; anything else is empty when it is not set`)
  return [...text.replaceAll('$$', '').matchAll(reference)].map(([, name = '', mark = '']) => ({ name, mark }))
}

/** A secret is one by its name, by its place in a URL, or by its looks. */
function refuseSecret(place: string, value: string): void {
  const bare = value.replace(reference, '')
  if (secretName.test(place.split('/').at(-1) ?? '') && bare !== '') no(`${place}: a secret stands in the file`)
  if (/:\/\/[^/@\s]*:[^/@\s]+@/.test(bare)) no(`${place}: a password stands in the URL`)
  if (/[A-Za-z0-9+_-]{32,}/.test(bare)) no(`${place}: this looks like a key`)
}

/** @throws Failure when an ENV of the Dockerfile holds a secret: it would be in every copy of the image */
export function refuseSecretsOf(environment: Record<string, string>): void {
  for (const [name, value] of Object.entries(environment)) {
    if (secretName.test(name) || /:\/\/[^/@\s]*:[^/@\s]+@/.test(value)) fail(`Dockerfile: ENV ${name} looks like a secret`)
  }
}

function startOf({ command, environment = {} }: Service, values: Record<string, string>): Composed['api'] {
  const filled = (text: string) =>
    text
      .replace(reference, (_, name: string, mark: string, other: string) => values[name] ?? (mark === ':-' ? other : ''))
      .replaceAll('$$', '$')
  return { command, environment: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(String(value))])) }
}
