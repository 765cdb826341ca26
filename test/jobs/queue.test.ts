import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getConstructionPlans, PgBoss } from 'pg-boss'
import t from 'tap'
import { throwAwayDatabase } from '../support/database.ts'
import { project } from '../support/office.ts'

t.test('the queue in the database is that of the pg-boss that is installed', async t => {
  const migration = readFileSync(join(project, 'migrations/0005-jobs.sql'), 'utf8')
  const lines = (text: string) =>
    text
      .split('\n')
      .map(line => line.trimEnd())
      .filter(line => line !== '')
  // Its own transaction is left out: the migration brings one.
  const own = /^\s*(BEGIN|COMMIT|SET LOCAL .*|SELECT pg_advisory_xact_lock\(.*);$/
  const plan = lines(getConstructionPlans('jobs')).filter(line => !own.test(line) || /^ {6,}/.test(line))
  t.ok(lines(migration).join('\n').includes(plan.join('\n')), 'a newer schema of pg-boss needs a migration of its own')

  const { pool } = await throwAwayDatabase(t)
  const boss = new PgBoss({
    db: { executeSql: (text, values) => pool.query(text, values) },
    schema: 'jobs',
    migrate: false,
    supervise: false,
    schedule: false,
  })
  const errors: Error[] = []
  boss.on('error', error => errors.push(error))
  await boss.start()
  t.match(await boss.detectSchemaDrift(), { ok: true })
  t.match(await boss.getQueue('runs'), { policy: 'standard', heartbeatSeconds: 10 })
  await boss.stop({ graceful: false })
  t.strictSame(errors, [])
})

t.test('a lot secret cannot outlive its job', async t => {
  const { pool } = await throwAwayDatabase(t)
  await t.rejects(
    pool.query(
      `insert into round_jobs (authority, round, job, state, ordered_by, ordered_at, lot_secret_encrypted, finished_at)
       values ('a', '1', gen_random_uuid(), 'done', 'x', now(), 'secret', now())`,
    ),
    /round_jobs_secret_dies_with_job/,
  )
})
