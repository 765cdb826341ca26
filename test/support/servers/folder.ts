import { readdirSync, rmSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processIsAlive } from '../../../src/store/embedded/processes.ts'

export type Test = { teardown(done: () => Promise<void>): unknown }

const prefix = 'settlement-points-servers-'

/** A folder that PostgreSQL's user can pass, removed when the test ends. What a killed test left behind is removed by the next one. */
export async function folderFor(t: Test): Promise<string> {
  for (const name of readdirSync(tmpdir())) {
    if (name.startsWith(prefix) && !processIsAlive(Number(name.slice(prefix.length).split('-')[0])))
      rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
  await chmod(folder, 0o755)
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}
