import { join } from 'node:path'
import t from 'tap'
import { killing, stages } from '../support/kills.ts'
import { randomFrom } from '../support/random-facts.ts'
import { folderFor } from '../support/servers/folder.ts'
import { startServer } from '../support/servers/postgres.ts'
import { versions } from '../support/servers/programs.ts'

const seed = Date.now() & 0x7fffffff
const random = randomFrom(seed)
const kills = 10

for (const { version, programs } of versions.filter(({ version }) => version === 18))
  t.test(`${kills} kills on PostgreSQL ${version}, seed ${seed}`, { skip: programs.missing }, async t => {
    const server = await startServer(t, programs.found as never, join(await folderFor(t), 'pg'))
    const t0 = performance.now()
    const { undisturbed, spans, kill } = await killing(server, 3000, random)
    t.comment(`undisturbed: ${Object.entries(spans).map(([stage, ms]) => `${stage} ${Math.round(ms)} ms`)} ${performance.now() - t0}`)
    for (let i = 0; i < kills; i++) {
      const t0 = performance.now()
      const { victim, hit, left, digest } = await kill(i % 2 ? 'postgres' : 'process', stages[(i >> 1) % 4] as never)
      t.equal(digest, undisturbed, `${victim} killed in ${hit}, left ${left} ${Math.round(performance.now() - t0)}`)
    }
  })
