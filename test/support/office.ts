import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { activateScheme } from '../../src/round/activate-scheme.ts'
import { enterAuthority } from '../../src/round/clients.ts'
import type { Actor, Office } from '../../src/round/office.ts'
import { type SchemeTexts, storeScheme } from '../../src/round/schemes.ts'
import { readVocabulary } from '../../src/scoring/vocabulary.ts'
import { generateKeys } from '../../src/store/encryption.ts'
import { checkCharacter } from '../../src/values/citizen-number.ts'
import { throwAwayDatabase } from './database.ts'

export const project = join(import.meta.dirname, '../..')

export function schemeFile(path: string): string {
  return readFileSync(join(project, 'schemes', path), 'utf8')
}

/** A shipped scheme and the cases beside it, as the API takes them. */
export function schemeTexts(place: string): { source: string; cases: { name: string; text: string }[] } {
  const names = readdirSync(join(project, 'schemes', place, 'cases')).sort()
  return { source: schemeFile(`${place}/scheme.yaml`), cases: names.map(name => ({ name, text: schemeFile(`${place}/cases/${name}`) })) }
}

export const vocabulary = readVocabulary(schemeFile('vocabulary/1.yaml'))

/** Bytes from a counter, so that a test gives the same digests each time. */
export function countedBytes(): (count: number) => Buffer {
  let drawn = 0
  return count => {
    const blocks: Buffer[] = []
    for (let i = 0; i * 32 < count; i++) blocks.push(createHash('sha256').update(`${drawn++}`).digest())
    return Buffer.concat(blocks).subarray(0, count)
  }
}

/** An office on a throw-away database, with a clock that stands still and counted bytes in place of randomness. */
export async function anOffice(t: Parameters<typeof throwAwayDatabase>[0]): Promise<{ office: Office; actor: Actor; url: string }> {
  const { url, ...store } = await throwAwayDatabase(t)
  const randomBytes = countedBytes()
  const office: Office = {
    ...store,
    keys: generateKeys(randomBytes),
    now: () => '2020-03-01T08:00:00.000Z',
    randomBytes,
    vocabularyOf: version => (version === vocabulary.version ? vocabulary : undefined),
    vocabulary,
  }
  await enterAuthority(office, 'testoffice', { 'zh-CN': '测试机关', en: 'test office' })
  return { office, actor: { authority: 'testoffice', client: 'test' }, url }
}

/** Stores a scheme and has it activated by a second client. */
export async function putInForce(office: Office, actor: Actor, texts: SchemeTexts): Promise<void> {
  const { scheme, casesDigest } = await storeScheme(office, { ...actor, client: 'author' }, texts)
  await activateScheme(office, { ...actor, client: 'second-person' }, scheme, { digest: scheme.digest, casesDigest })
}

/** A citizen number of a place that does not exist, with a right check character. */
export function syntheticNumber(index: number, birth = '19800101'): string {
  const digits = `${990000 + Math.floor(index / 1000)}${birth}${String(index % 1000).padStart(3, '0')}`
  return digits + checkCharacter(digits)
}
