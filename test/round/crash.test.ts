import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { listDigest } from '../../src/publishing/edition.ts'
import type { Progress } from '../../src/round/progress.ts'
import { runRound } from '../../src/round/run.ts'
import { formatKeys } from '../../src/store/encryption.ts'
import { isUnavailable } from '../../src/store/errors.ts'
import { project } from '../support/office.ts'
import { randomFrom } from '../support/random-facts.ts'
import { besides } from '../support/server.ts'
import { close, closedRound, copyOf, publishIt, refusalOf, runIt, type Year } from '../support/year.ts'

/*
 * A run that is cut off anywhere is begun again by the same call, and ends as if nothing had been. Each time is another copy of one closed round.
 */

const applicants = 3000
const stages = ['freeze', 'score', 'rank', 'verify'] as const
const seed = Date.now() & 0x7fffffff
const random = randomFrom(seed)
t.comment(`seed ${seed}`)

t.test('whatever cuts a run off, the same call again ends as an undisturbed run', async t => {
  const closed = await closedRound(t, { applicants })
  await close(closed)
  const undisturbed = await copyOf(t, closed)
  const steps: string[] = []
  await runRound(undisturbed.office, undisturbed.actor, undisturbed.round, {
    seconds: () => 0,
    progress: ({ stage, done }) => steps.push(`${stage} ${done}`),
  })
  const expected = await outcome(undisturbed)
  t.match(expected, { admitted: 1000, state: 'notice' })
  await close(undisturbed)

  const child = (year: Year, ...stopAt: string[]) =>
    spawn(
      process.execPath,
      ['--no-warnings', join(project, 'test/support/run-round.ts'), year.url, year.actor.authority, year.round, ...stopAt],
      {
        env: { ...process.env, SETTLEMENT_KEYS: formatKeys(year.office.keys) },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )

  for (const stage of stages) {
    const least = stage === 'rank' ? 0 : random.below(applicants)
    await t.test(`stopped dead in the stage ${stage} after ${least} and killed`, async t => {
      const year = await copyOf(t, closed)
      t.strictSame(await killedAt(child(year, stage, String(least)), stage, least, 0), { last: stage, signal: 'SIGKILL' })
      t.equal(await whatIsLeft(year), leftIn[stage])
      await again(year)
      t.strictSame(await outcome(year), expected)
    })
  }

  await t.test('killed again and again while it works', async t => {
    const year = await copyOf(t, closed)
    for (const stage of stages) {
      const [least, delay] = [stage === 'rank' ? 0 : random.below(applicants), random.below(30)]
      const { last, signal } = await killedAt(child(year), stage, least, delay)
      await untilFree(year)
      t.pass(`killed ${delay} ms after ${stage} ${least}: ${signal} in the stage ${last}, which left ${await whatIsLeft(year)}`)
    }
    await again(year)
    t.strictSame(await outcome(year), expected)
  })

  await t.test('the terminal killed, and started again', async t => {
    const year = await copyOf(t, closed)
    const command = () =>
      spawn(process.execPath, ['--no-warnings', join(project, 'src/cli/points.mjs'), 'round', 'run', year.round, '--json'], {
        env: { ...process.env, DATABASE_URL: year.url, SETTLEMENT_KEYS: formatKeys(year.office.keys) },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    const first = command()
    // Its progress is for people, so what it has reached is read from the database.
    while (first.exitCode === null && (await stateOf(year)) === 'closed') await sleep(5)
    await sleep(random.below(100))
    first.kill('SIGKILL')
    const [code, signal] = await once(first, 'exit')
    t.strictSame({ code, signal }, { code: null, signal: 'SIGKILL' })
    await untilFree(year)
    const second = command()
    let output = ''
    second.stdout?.on('data', piece => {
      output += piece
    })
    t.strictSame(await once(second, 'close'), [0, null])
    t.match(JSON.parse(output), { state: 'verified', applicants, admitted: 1000, findings: [] })
    t.strictSame(await outcome(year), expected)
  })

  await t.test('every connection cut by the server, in one stage after the other', async t => {
    const year = await copyOf(t, closed)
    const { office, actor, round } = year
    const outside = await besides(year.url)
    for (const stage of stages) {
      let cut: Promise<unknown> | undefined
      const progress: Progress = at => {
        if (at.stage === stage)
          cut ??= outside.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
            new URL(year.url).pathname.slice(1),
          ])
      }
      const error = await runRound(office, actor, round, { progress, seconds: () => 0 }).then(
        () => undefined,
        error => error,
      )
      t.ok(isUnavailable(error), `${stage}: ${error}`)
      await cut
    }
    await outside.end()
    t.equal(await whatIsLeft(year), 'frozen ranked')
    await again(year)
    t.strictSame(await outcome(year), expected)
  })

  for (const from of ['closed', 'frozen'] as const) {
    await t.test(`two runs at once of a ${from} round`, async t => {
      const year = await copyOf(t, closed)
      if (from === 'frozen') await cutAfterFreeze(year)
      const both = await Promise.all([refusalOf(runIt(year)), refusalOf(sleep(random.below(50)).then(() => runIt(year)))])
      t.ok(both.includes('taken'), `one has worked: ${both.join(', ')}`)
      // The other may just have frozen the round that this one has seen closed.
      for (const refusal of both) t.match(refusal, /^(taken|round-busy|round-state)$/)
      t.equal(await stateOf(year), 'ranked')
      t.strictSame(await outcome(year), expected)
    })
  }
})

/** The states of the round and of its run when a run is killed in a stage: always those of the stage before. */
const leftIn = { freeze: 'closed', score: 'frozen', rank: 'frozen scored', verify: 'frozen ranked' }

/** Waits until the child has done so many in a stage, and a little more, kills it, and gives the last stage that it told of. */
async function killedAt(child: ChildProcess, stage: string, least: number, delay: number): Promise<{ last: string; signal: unknown }> {
  let last = ''
  const exited = once(child, 'exit')
  const reached = new Promise<void>(resolve => {
    createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on('line', line => {
      const [told = '', done] = line.split(' ')
      last = told
      if (told === stage && Number(done) >= least) resolve()
    })
  })
  await Promise.race([reached, exited])
  await sleep(delay)
  child.kill('SIGKILL')
  const [, signal] = await exited
  return { last, signal }
}

/** The same call again. The server may need a moment to see that the other end is gone, and says so meanwhile. */
async function again(year: Year): Promise<void> {
  await untilFree(year)
  const { report } = await runIt(year)
  if (!report.holds) throw new Error(JSON.stringify(report))
}

async function untilFree({ office }: Year): Promise<void> {
  const others = `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and (state <> 'idle' or state is null)`
  for (let i = 0; (await office.pool.query(others)).rowCount; i++) {
    if (i > 400) throw new Error('the server still works for a killed process')
    await sleep(25)
  }
}

async function whatIsLeft(year: Year): Promise<string> {
  const { rows } = await year.office.pool.query('select state from runs order by run')
  return [await stateOf(year), ...rows.map(row => row.state)].join(' ')
}

async function stateOf({ office }: Year): Promise<string> {
  return (await office.pool.query('select state from rounds')).rows[0].state
}

/** Publishes a ranked year, and gives what must be the same whatever has happened: the list, and every entry of the published run. */
async function outcome(year: Year): Promise<object> {
  // A process of its own has taken the steps before by the true clock.
  const office = { ...year.office, now: () => new Date().toISOString() }
  const { edition } = await publishIt({ ...year, office })
  const { pool } = year.office
  const { rows } = await pool.query(
    `select md5(string_agg(concat_ws('|', public_number, eligible, total, items, reasons, missing, chain, rank, outcome, reserve, lot), '\n' order by public_number)) as entries,
       count(*), count(*) filter (where receipt is null) as "withoutReceipt"
     from entries join applications using (authority, round, application) left join standings using (authority, round, run, application)
     where run = (select verified_run from rounds)`,
  )
  const { rows: inputs } =
    await pool.query(`select md5(string_agg(concat_ws('|', public_number, document), '\n' order by public_number)) as inputs
     from frozen_inputs join applications using (authority, round, application)`)
  return { list: listDigest(edition), admitted: edition.entries.length, ...rows[0], ...inputs[0], state: await stateOf(year) }
}

/** Leaves a round frozen, as a run does that was cut off while it scored. */
async function cutAfterFreeze({ office, actor, round }: Year): Promise<void> {
  const stop: Progress = ({ stage }) => {
    if (stage === 'score') throw new Error('stop')
  }
  await runRound(office, actor, round, { progress: stop, seconds: () => 0 }).catch(error => {
    if (error.message !== 'stop') throw error
  })
}
