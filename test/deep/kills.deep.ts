import { join } from 'node:path'
import t from 'tap'
import { killAgainAndAgain } from '../support/kills.ts'
import { folderFor } from '../support/servers/folder.ts'
import { startServer } from '../support/servers/postgres.ts'
import { onEach } from '../support/servers/programs.ts'

onEach(t, '100 kills at 20,000 applicants', async (t, _version, programs) => {
  const server = await startServer(t, programs, join(await folderFor(t), 'pg'))
  await killAgainAndAgain(t, server, { kills: 100, applicants: 20_000, seed: Date.now() & 0x7fffffff })
})
