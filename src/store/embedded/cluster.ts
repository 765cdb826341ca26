import { chown, mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Refusal } from '../../values/refusal.ts'
import { makeFolder } from './folders.ts'
import { processIsAlive } from './processes.ts'
import { tailOf } from './tail.ts'
import type { Launcher } from './unprivileged.ts'

/**
 * Makes the data folder if it is not there yet. initdb works in a sibling `<name>.new-<pid>` that is renamed when complete, so a
 * killed initdb leaves a sibling, which the next start removes, and never half a data folder.
 */
export async function ensureCluster(dataDir: string, initdb: string, launcher: Launcher): Promise<void> {
  if (await exists(join(dataDir, 'PG_VERSION'))) return refuseForeign(dataDir, launcher)
  await refuseFilled(dataDir)
  await makeFolder(dirname(dataDir))
  await removeLeftovers(dataDir)
  const fresh = `${dataDir}.new-${process.pid}`
  try {
    await mkdir(fresh, { mode: 0o700 })
    if (launcher.account) await chown(fresh, launcher.account.uid, launcher.account.gid)
    await runInitdb(initdb, fresh, launcher)
    await rename(fresh, dataDir)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    // Another process was faster; its folder is as good as ours.
    if (!(await exists(join(dataDir, 'PG_VERSION')))) throw error
  }
}

async function runInitdb(initdb: string, folder: string, launcher: Launcher): Promise<void> {
  const child = launcher.launch(initdb, ['-D', folder, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'])
  const tail = tailOf(child)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`initdb failed (${code === null ? 'killed' : `exit code ${code}`}):\n${tail()}`)
}

/** A folder with something else in it is not ours to build in. An empty one goes, so that the rename can take its place. */
async function refuseFilled(dataDir: string): Promise<void> {
  const names = await readdir(dataDir).catch(() => undefined)
  if (names === undefined) return
  if (names.length > 0)
    throw new Refusal(
      'data-folder-not-empty',
      `${dataDir} holds files but no PostgreSQL database. Choose another data folder, or empty this one.`,
    )
  await rmdir(dataDir)
}

async function refuseForeign(dataDir: string, launcher: Launcher): Promise<void> {
  const { uid } = await stat(dataDir)
  const ours = launcher.account?.uid ?? process.getuid?.()
  if (ours !== undefined && uid !== ours)
    throw new Refusal(
      'data-folder-foreign',
      `${dataDir} belongs to another user (uid ${uid}). Start as that user or as root, or remove the folder.`,
    )
}

async function removeLeftovers(dataDir: string): Promise<void> {
  const prefix = `${basename(dataDir)}.new-`
  for (const name of await readdir(dirname(dataDir))) {
    if (!name.startsWith(prefix)) continue
    const pid = Number(name.slice(prefix.length))
    if (pid !== process.pid && processIsAlive(pid)) continue
    await rm(join(dirname(dataDir), name), { recursive: true, force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
