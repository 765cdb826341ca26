import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { verifyEdition } from '../../src/publishing/verify-edition.ts'
import { noProgress } from '../../src/round/progress.ts'
import { publish } from '../../src/round/publish.ts'
import { handOver, physicalCopy } from '../support/servers/copies.ts'
import { folderFor } from '../support/servers/folder.ts'
import { ask, databaseOf, type Server, startServer } from '../support/servers/postgres.ts'
import { jobEnds, order, points } from '../support/servers/processes.ts'
import { onEach, type Programs, versions } from '../support/servers/programs.ts'
import { closedRoundIn, copyOf, inOffice, publishedDigest, type Round, runIn } from '../support/servers/round.ts'

/*
 * The drills of docs/deployment.md, Backup: what comes back from a backup goes on as if nothing had been.
 */

const run = promisify(execFile)
const applicants = 2000

/** A closed round and the same one published, side by side in two databases. */
async function twoRounds(server: Server): Promise<{ closed: Round; published: Round; digest: string }> {
  const closed = await closedRoundIn(server, 'closed', applicants)
  const published = await copyOf(server, closed, 'published')
  await runIn(published)
  return { closed, published, digest: await publishedDigest(published) }
}

/** The list that is out still holds, and its run too: the final list is sealed only after all of it is verified again. */
async function goesOn(t: import('tap').Test, published: Round): Promise<void> {
  await inOffice(published, async office => {
    const { rows } = await office.pool.query<{ document: string; digest: string }>('select document, digest from editions')
    t.equal(rows.length, 1)
    for (const { document, digest } of rows)
      t.match(verifyEdition(document), { faults: [], edition: { digest } }, 'the published list holds')
    const { edition } = await publish(office, published.actor, published.round, {
      kind: 'final',
      reason: 'after a restore',
      progress: noProgress,
    })
    t.equal(edition.supersedes, rows[0]?.digest)
  })
}

// The PostgreSQL that npm brings has no pg_dump; this one stands for it.
for (const { version, programs } of versions.filter(({ version }) => version === 15)) {
  t.test(`dump and restore on PostgreSQL ${version}`, { skip: programs.missing }, async t => {
    const { dump, restore } = programs.found as Required<Programs>
    const folder = await folderFor(t)
    const server = await startServer(t, programs.found as Programs, join(folder, 'pg'))
    const { closed, published, digest } = await twoRounds(server)
    await order(closed)
    // A role that only owns its database, as docker-compose.yml has it.
    await ask(server.url, 'create role settlement login')
    const back: Round[] = []
    for (const round of [closed, published]) {
      const name = new URL(round.url).pathname.slice(1)
      const file = join(folder, `${name}.dump`)
      await run(dump, ['-Fc', '-f', file, round.url])
      await ask(server.url, `create database ${name}_back owner settlement`)
      const url = databaseOf(server.url, `${name}_back`).replace('//postgres@', '//settlement@')
      await run(restore, ['-d', url, '--no-owner', '--exit-on-error', file])
      back.push({ ...round, url })
    }
    const [closedBack, publishedBack] = back as [Round, Round]
    await jobEnds(closedBack, points(closedBack, ['worker']))
    t.equal(await publishedDigest(closedBack), digest, 'a worker finds the order and does it, to the same list')
    await goesOn(t, publishedBack)
    await t.rejects(ask(publishedBack.url, 'delete from editions'), { code: 'SP001' }, 'what never changes is guarded again')
  })
}

onEach(t, 'a physical copy and the WAL since then', async (t, _version, programs) => {
  const folder = await folderFor(t)
  const archive = join(folder, 'archive')
  await mkdir(archive)
  const server = await startServer(t, programs, join(folder, 'pg'), {
    archive_mode: 'on',
    archive_command: `test ! -f ${archive}/%f && cp %p ${archive}/%f`,
  })
  await handOver(server, archive)
  const { closed, published, digest } = await twoRounds(server)

  // The copy is made while a run is at work. The moments to come back to are in the middle of another run, and before a mistake.
  const running = await copyOf(server, closed, 'running')
  await Promise.all([runIn(running), physicalCopy(server, join(folder, 'copy'))])
  t.equal(await publishedDigest(running), digest)
  const cut = await copyOf(server, closed, 'cut')
  const cutOff = runIn(cut, ({ stage }) => {
    if (stage === 'rank') throw new Error('cut off')
  })
  await t.rejects(cutOff, { message: 'cut off' })
  await ask(server.url, "select pg_create_restore_point('in the middle of a run')")
  await runIn(cut)
  await ask(server.url, "select pg_create_restore_point('before the mistake')")
  await ask(running.url, 'drop table edition_entries')
  await archived(server, archive)

  for (const moment of ['in the middle of a run', 'before the mistake']) {
    await t.test(`back to the moment ${moment}`, async t => {
      const dataDir = join(folder, moment.replaceAll(' ', '-'))
      await run('cp', ['-a', join(folder, 'copy'), dataDir])
      await writeFile(join(dataDir, 'recovery.signal'), '')
      await handOver(server, dataDir)
      const back = await startServer(t, programs, dataDir, {
        restore_command: `cp ${archive}/%f %p`,
        recovery_target_name: moment,
        recovery_target_action: 'promote',
      })
      while ((await ask<{ busy: boolean }>(back.url, 'select pg_is_in_recovery() as busy'))[0]?.busy) await sleep(20)
      const at = (round: Round) => ({ ...round, url: databaseOf(back.url, new URL(round.url).pathname.slice(1)) })
      if (moment === 'before the mistake') await goesOn(t, at(running))
      else {
        t.strictSame(await ask(at(cut).url, 'select state from rounds'), [{ state: 'frozen' }])
        await runIn(at(cut))
        t.equal(await publishedDigest(at(cut)), digest, 'the run is begun again and gives the same list')
      }
      await goesOn(t, at(published))
      await back.stop()
    })
  }
})

/** Waits until everything that was written until now is in the archive. */
async function archived(server: Server, archive: string): Promise<void> {
  const [now] = await ask<{ file: string }>(server.url, 'select pg_walfile_name(pg_switch_wal()) as file')
  for (let i = 0; ; i++) {
    const [done] = await ask<{ there: boolean }>(
      server.url,
      `select coalesce(last_archived_wal >= '${now?.file}', false) as there from pg_stat_archiver`,
    )
    if (done?.there) return
    if (i > 500) throw new Error(`nothing comes into ${archive}`)
    await sleep(20)
  }
}
