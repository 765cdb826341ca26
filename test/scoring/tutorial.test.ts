import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { lintWithCases } from '../../src/scoring/cases/lint-with-cases.ts'
import { formatKeys, generateKeys } from '../../src/store/encryption.ts'
import { home, start } from '../cli/processes.ts'
import { vocabularyOf } from '../support/cases.ts'
import { throwAwayDatabase } from '../support/database.ts'

/*
 * Does what docs/tutorial.md says, from top to bottom, in an empty folder. The word after ``` says what a block is:
 * - yaml, json: lines for the file named after it; in a document, for its sections of the same names
 * - diff: lines to exchange in a file; with the word "mistake" only until the next command has answered
 * - console: commands, each with its answer word for word; a line "…" stands for lines that are left out
 */

const project = join(import.meta.dirname, '../..')
const tutorial = readFileSync(join(project, 'docs/tutorial.md'), 'utf8')
const finished = join(project, 'docs/tutorial')
const address = 'http://127.0.0.1:8080'
const run = promisify(execFile)

type Block = { kind: string; isMistake: boolean; file: string; body: string }

const sections = tutorial.split(/^(?=## )/m).slice(1)
const titleOf = (section: string) => section.split('\n', 1)[0]?.slice(3) ?? ''

t.test('every block is executed', async t => {
  const kinds = sections.flatMap(blocksOf).map(({ kind }) => kind)
  t.equal(kinds.length, tutorial.match(/^```\S/gm)?.length)
  t.same([...new Set(kinds)].sort(), ['console', 'diff', 'json', 'yaml'])
})

t.test('the tutorial', async t => {
  const reader = await aReader(t)
  for (const section of sections) {
    const title = titleOf(section)
    const skip = /\bcurl\b/.test(section) && !(await reader.hasPrograms()) ? 'needs curl with --json, and jq' : false
    await t.test(title, { skip }, async t => {
      for (const block of blocksOf(section)) {
        if (block.kind === 'console')
          for (const { command, answer } of commandsOf(block.body)) {
            const came = await reader.runs(command)
            t.ok(agrees(came, answer), command, { wanted: answer, came })
          }
        else if (block.kind === 'diff') reader.exchanges(block)
        else reader.writes(block)
        if (block.kind === 'console') reader.mends()
      }
      if (!title.startsWith('Step 1:'))
        for (const { file, findings } of reader.lints()) {
          const wrong = findings.filter(({ code }) => code !== 'branch-without-case')
          t.same(wrong, [], `${file} is without fault at the end of the step`)
        }
    })
  }

  await t.test('the finished files are those that the tutorial makes', async t => {
    const files = (readdirSync(finished, { recursive: true }) as string[]).filter(name => /\.\w+$/.test(name)).sort()
    t.same(files, reader.files())
    for (const name of files) t.equal(readFileSync(join(finished, name), 'utf8'), reader.made(name), name)
  })
})

/** Somebody who follows the tutorial in a folder of their own. */
async function aReader(t: Parameters<typeof home>[0] & Parameters<typeof throwAwayDatabase>[0]) {
  const folder = await home(t)
  const programs = await home(t)
  const door = join(project, 'src/cli/points.mjs')
  writeFileSync(join(programs, 'npm'), `#!/bin/sh\nshift 4\nexec "${process.execPath}" --no-warnings "${door}" "$@"\n`, { mode: 0o755 })
  const env = { PATH: programs + delimiter + process.env.PATH, PORT: '0' }
  const kept = join(programs, 'variables')
  const place = (file: string) => join(folder, file)
  const read = (file: string) => readFileSync(place(file), 'utf8')
  let database: { DATABASE_URL: string; SETTLEMENT_KEYS: string } | undefined
  let service: string | undefined
  let mend = () => {}

  async function withDatabase() {
    database ??= {
      DATABASE_URL: (await throwAwayDatabase(t)).url,
      SETTLEMENT_KEYS: formatKeys(generateKeys(count => Buffer.alloc(count, 7))),
    }
    return { ...env, ...database }
  }

  const years = () => readdirSync(place('schemes/lianwan')).sort()

  return {
    async hasPrograms(): Promise<boolean> {
      const { stdout } = await run('sh', ['-c', 'command -v jq && curl --help all | grep -e --json || true'], { env })
      return /--json/.test(stdout)
    },

    /** The variables that a command sets are there for the next one. */
    async runs(command: string): Promise<string> {
      if (command === 'npm start') {
        const { child, says } = start(['serve'], await withDatabase())
        t.teardown(async () => {
          child.kill('SIGTERM')
        })
        const [line, url] = await says(/listening on (http:\S+); reference at \S+\n/)
        service = url
        return line.replaceAll(url as string, address)
      }
      const script = `set -a; . '${kept}' 2>/dev/null; ${command.replaceAll(address, service ?? address)}\nexport -p > '${kept}'`
      const { stdout } = await run('bash', ['-c', `exec 2>&1\n${script}`], {
        cwd: folder,
        env: /client add/.test(command) ? await withDatabase() : env,
      })
      return stdout
    },

    writes({ file, body }: Block): void {
      writeFileSync(place(file), existsSync(place(file)) ? added(read(file), body) : body)
    },

    exchanges({ file, body, isMistake }: Block): void {
      const before = read(file)
      const lines = body.trimEnd().split('\n')
      const those = (sign: string) => lines.flatMap(line => (line[0] === ' ' || line[0] === sign ? `${line.slice(1)}\n` : [])).join('')
      if (before.split(those('-')).length !== 2) throw new Error(`not once in ${file}:\n${those('-')}`)
      writeFileSync(
        place(file),
        before.replace(those('-'), () => those('+')),
      )
      if (isMistake) mend = () => writeFileSync(place(file), before)
    },

    mends(): void {
      mend()
      mend = () => {}
    },

    lints() {
      return existsSync(place('schemes/lianwan'))
        ? years().map(year => {
            const file = `schemes/lianwan/${year}/scheme.yaml`
            return { file, findings: lintWithCases(read(file), [], vocabularyOf).findings }
          })
        : []
    },

    /** What was made, under the names that the finished files have. */
    files(): string[] {
      const made = years().flatMap(year => ['cases/points.yaml', 'rounds.yaml', 'scheme.yaml'].map(name => join(year, name)))
      return [...made, 'wang.ndjson']
    },

    made(name: string): string {
      const text = read(name === 'wang.ndjson' ? name : join('schemes/lianwan', name))
      return text.replace('$schema=../../', '$schema=../../../schemes/')
    },
  }
}

function blocksOf(section: string): Block[] {
  return [...section.matchAll(/^```(\S+)( mistake)?(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, kind = '', mistake, file = '', body = '']) => ({
      kind,
      isMistake: mistake !== undefined,
      file,
      body,
    }),
  )
}

function commandsOf(body: string): { command: string; answer: string }[] {
  return body
    .split(/^\$ /m)
    .slice(1)
    .map(one => {
      const [command = '', ...answer] = one.split('\n')
      return { command, answer: answer.join('\n') }
    })
}

/** Whether an answer came as it is quoted. Of an answer with a line "…" all that is quoted came, whole lines in this order, from the first to the last. */
function agrees(came: string, quoted: string): boolean {
  const pattern = quoted
    .split(/^…\n/m)
    .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('(?:.*\\n)*')
  return new RegExp(`^${pattern}$`).test(came)
}

const order = ['sources', 'calendar', 'evidence', 'dates', 'measures', 'gates', 'items', 'totals']

/** A document with the lines of a block at the end of its sections of the same names; a new section stands where the language has it. */
function added(document: string, block: string): string {
  const sectionsIn = (text: string) => text.split(/^(?=\w+:)/m)
  const nameOf = (section: string) => /^\w+(?=:)/.exec(section)?.[0] ?? ''
  const sections = sectionsIn(document)
  for (const section of sectionsIn(block)) {
    const name = nameOf(section)
    const there = sections.findIndex(one => nameOf(one) === name)
    if (there >= 0) {
      const old = sections[there] as string
      const lines = section.slice(section.indexOf('\n')).trimEnd()
      sections[there] = old.trimEnd().replace(/^(\w+:) \{\}$/, '$1') + lines + (/\n+$/.exec(old)?.[0] ?? '\n')
      continue
    }
    const next = sections.findIndex(one => order.includes(name) && order.indexOf(nameOf(one)) > order.indexOf(name))
    if (next < 0) sections.push(section)
    else sections.splice(next, 0, `${section.trimEnd()}\n\n`)
  }
  return sections.join('')
}
