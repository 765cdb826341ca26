import { join } from 'node:path'
import t from 'tap'
import { killAgainAndAgain } from '../support/kills.ts'
import { folderFor } from '../support/servers/folder.ts'
import { startServer } from '../support/servers/postgres.ts'
import { type Programs, versions } from '../support/servers/programs.ts'

for (const { version, programs } of versions.filter(({ version }) => version === 18))
  t.test(`10 kills on PostgreSQL ${version}`, { skip: programs.missing }, async t => {
    const server = await startServer(t, programs.found as Programs, join(await folderFor(t), 'pg'))
    await killAgainAndAgain(t, server, { kills: 10, applicants: 3000, seed: Date.now() & 0x7fffffff })
  })
