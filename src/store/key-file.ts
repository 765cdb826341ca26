import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { formatKeys, generateKeys, type Keys, parseKeys, type RandomBytes } from './encryption.ts'

/**
 * The keys in a local file, made on first use and readable by its owner alone (mode 600). The file appears whole or not at all, and of two
 * processes that start at once both use the one that came first.
 */
export async function keysFromFile(path: string, randomBytes: RandomBytes): Promise<Keys> {
  const text = (await readIfThere(path)) ?? (await create(path, `${formatKeys(generateKeys(randomBytes))}\n`, randomBytes))
  return parseKeys(text)
}

async function create(path: string, text: string, randomBytes: RandomBytes): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await link(draft, path) // unlike rename, it does not replace a file that another process made first
    return text
  } catch (error) {
    const theirs = (error as NodeJS.ErrnoException).code === 'EEXIST' ? await readIfThere(path) : undefined
    if (theirs === undefined) throw error
    return theirs
  } finally {
    await rm(draft, { force: true })
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
