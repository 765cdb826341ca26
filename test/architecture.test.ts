import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import t from 'tap'

/*
 * The house has four floors above the ground, and imports only go down (docs/architecture.md).
 */

const src = resolve(import.meta.dirname, '../src')

/** What a room may import beside itself. */
const allowed: { [room: string]: string[] } = {
  values: [],
  scoring: ['values'],
  ranking: ['values'],
  verifying: ['values'],
  publishing: ['values'],
  store: ['values'],
  round: ['store', 'scoring', 'ranking', 'verifying', 'publishing', 'values'],
  api: ['round', 'store', 'scoring', 'ranking', 'verifying', 'publishing', 'values'],
  cli: ['api', 'round', 'store', 'scoring', 'ranking', 'verifying', 'publishing', 'values', 'config.ts'],
  'config.ts': ['values'],
}

/** Layers inside the scoring craft: points may use measures, measures evidence, never the other way. */
const layers: { [layer: string]: string[] } = {
  evidence: [],
  measures: ['evidence'],
  points: ['measures', 'evidence'],
  scheme: ['points', 'measures', 'evidence'],
}

const crafts = ['values', 'scoring', 'ranking', 'verifying', 'publishing']
const importOf =
  /^\s*(import|export)\s(type\s)?[^'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|^\s*import\s+['"]([^'"]+)['"]/gm

type Import = { file: string; to: string; typeOnly: boolean }

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
}

const files = filesIn(src)
const imports: Import[] = files.flatMap(file =>
  [...readFileSync(file, 'utf8').matchAll(importOf)].map(([, , type, from, dynamic, bare]) => ({
    file: relative(src, file),
    to: (from ?? dynamic ?? bare) as string,
    typeOnly: type !== undefined,
  })),
)

const roomOf = (path: string) => path.split('/')[0] as string
const target = ({ file, to }: Import) => (to.startsWith('.') ? relative(src, resolve(src, dirname(file), to)) : undefined)

t.test('every room is known', async t => {
  t.strictSame([...new Set(files.map(file => roomOf(relative(src, file))))].sort(), Object.keys(allowed).sort())
  t.ok(imports.length > 200, 'imports are found at all')
})

t.test('imports only go down', async t => {
  const wrong = imports.filter(one => {
    const to = target(one)
    if (to === undefined) return false
    const [here, there] = [roomOf(one.file), roomOf(to)]
    return here !== there && !allowed[here]?.includes(there)
  })
  t.strictSame(wrong, [])
})

t.test('calendar does not leak into points, nor points into measures', async t => {
  const layerOf = (path: string) => (path.startsWith('scoring/') ? path.split('/')[1] : undefined) as string
  const wrong = imports.filter(one => {
    const to = target(one)
    if (one.typeOnly || to === undefined || !to.startsWith('scoring/')) return false
    const [here, there] = [layerOf(one.file), layerOf(to)]
    return here in layers && there in layers && here !== there && !layers[here]?.includes(there)
  })
  t.strictSame(wrong, [])
  const calendar = imports.filter(one => one.file.startsWith('scoring/points/') && /civil-date|intervals/.test(one.to))
  t.strictSame(calendar, [], 'no node does calendar work')
})

t.test('the oracle of the verifier stands on its own', async t => {
  const oracle = 'verifying/oracle/'
  const own = imports.filter(({ file }) => file.startsWith(oracle))
  t.ok(own.length > 10, 'it is where it is looked for')
  const wrong = own.filter(one => {
    const to = target(one)
    return to === undefined || !(to.startsWith(oracle) || to.startsWith('values/'))
  })
  t.strictSame(wrong, [])
})

t.test('crafts are pure: no I/O, no clock, no randomness', async t => {
  const pure = ['node:crypto', 'node:buffer', 'typebox', 'ajv/dist/2020.js', 'yaml']
  const wrong = imports.filter(one => crafts.includes(roomOf(one.file)) && !one.to.startsWith('.') && !pure.includes(one.to))
  t.strictSame(wrong, [])
  const impure = /\b(Date\.now|new Date\b|Math\.random|randomUUID|randomBytes\(|performance\.|process\.|setTimeout|console\.|fetch\()/
  // A function that is handed its randomness calls it by this name; it does not draw by itself.
  const handedIn = /randomBytes: \(|randomBytes\(length/
  const found = files
    .filter(file => crafts.includes(roomOf(relative(src, file))))
    .flatMap(file =>
      readFileSync(file, 'utf8')
        .split('\n')
        .map((line, i) => ({ line, at: `${relative(src, file)}:${i + 1}` })),
    )
    .filter(({ line }) => impure.test(line) && !handedIn.test(line) && !/^\s*(\*|\/\/)/.test(line))
  t.strictSame(found, [])
})

t.test('floats stay out', async t => {
  const float = /parseFloat\(|\.toFixed\(|Number\.EPSILON|Math\.round\(/
  const found = files.filter(file => crafts.includes(roomOf(relative(src, file))) && float.test(readFileSync(file, 'utf8')))
  t.strictSame(found, [])
})

t.test('only config.ts reads the environment', async t => {
  const found = files.filter(file => /process\.env/.test(readFileSync(file, 'utf8'))).map(file => relative(src, file))
  t.strictSame(found, ['config.ts'])
})

t.test('no figure of law stands in the code', async t => {
  // The names of places and items live in schemes/, never in src/: a new year's rules are a new document.
  const words = /beijing|haishu|ningbo|shanghai|guangzhou|tianjin|zhongshan|dongguan|job_housing|education_overlap/i
  const found = files
    .filter(file => !relative(src, file).startsWith('cli/demo'))
    .flatMap(file =>
      readFileSync(file, 'utf8')
        .split('\n')
        .map((line, i) => ({ line, at: `${relative(src, file)}:${i + 1}` })),
    )
    .filter(({ line }) => words.test(line.replace(/\/\/.*|\/?\*.*/, '')))
  t.strictSame(found, [])
})
