import { setTimeout as sleep } from 'node:timers/promises'
import { buildApp } from '../../../src/api/app.ts'
import { openOffice } from '../../../src/cli/open-office.ts'
import { readConfig } from '../../../src/config.ts'
import { listDigest } from '../../../src/publishing/edition.ts'
import { verifyEdition } from '../../../src/publishing/verify-edition.ts'
import { enterClient } from '../../../src/round/clients.ts'
import { formatKeys } from '../../../src/store/encryption.ts'
import type { Test } from './folder.ts'
import { citizenNumberOf, type Round } from './round.ts'

/** What an answer was. Whatever is none of these, or contradicts itself or another answer, is an error. */
export type Sight =
  | 'nothing published'
  | 'the published list'
  | 'no score yet'
  | 'a score without its rank'
  | 'a score with its rank'
  | 'asked to wait for the list'
  | 'asked to wait for a score'

export type Portals = {
  /** How often each was seen. */
  tally: Map<Sight, number>
  /** Waits until it is seen once more; throws what a portal has thrown. */
  see(sight: Sight): Promise<void>
  /** The status of one more question, as an office asks. */
  office(url: string): Promise<number>
  /** What Prometheus reads. */
  figures(): Promise<string>
  stop(): Promise<void>
}

/** Two portals that ask the API of an office without a pause: one for the published list, one for an applicant's score. */
export async function portalsOf(t: Test, round: Round): Promise<Portals> {
  const environment = { DATABASE_URL: round.url, DATABASE_READ_URL: round.readUrl, SETTLEMENT_KEYS: formatKeys(round.keys) }
  const { office, close } = await openOffice(readConfig(environment))
  const app = buildApp({ office })
  const key = await enterClient(office, { ...round.actor, client: 'portal' }, ['scores:query', 'rounds:read'])
  const headers = { authorization: `Bearer ${key}` }
  const { rows: applicants } = await office.pool.query('select public_number from applications order by person limit 20')
  const get = (url: string) => app.inject({ url, headers })
  const at = `/v1/published/${round.actor.authority}/${round.round}/editions`

  async function published(): Promise<Sight> {
    const editions = await get(at)
    if (editions.statusCode === 503) return waiting(editions, 'the list')
    if (editions.statusCode === 404) return 'nothing published'
    const [head] = editions.json().items
    const document = await get(`${at}/${head.edition}`)
    if (document.statusCode === 503) return waiting(document, 'the list')
    const { edition, faults } = verifyEdition(document.payload)
    if (faults.length > 0 || edition.digest !== head.digest)
      throw new Error(`not what was sealed: ${document.statusCode} ${JSON.stringify(faults)}`)
    const entries: (typeof edition)['entries'] = []
    for (let next: string | null = `${at}/${head.edition}/entries?limit=500`; next !== null; ) {
      const page = await get(next)
      if (page.statusCode === 503) return waiting(page, 'the list')
      const { items, next: behind } = page.json()
      for (const { position: _, ...entry } of items) entries.push(withoutNulls(entry))
      next = behind
    }
    if (listDigest({ ...edition, entries }) !== listDigest(edition))
      throw new Error(`the pages are not the list: ${entries.length} entries`)
    return 'the published list'
  }

  let asked = 0
  async function score(): Promise<Sight> {
    const index = asked++ % applicants.length
    const body = { round: round.round, publicNumber: applicants[index].public_number, citizenNumber: citizenNumberOf(index) }
    const answer = await app.inject({ method: 'POST', url: '/v1/score-queries', headers, payload: body })
    if (answer.statusCode === 503) return waiting(answer, 'a score')
    if (answer.statusCode === 409) return 'no score yet'
    if (answer.statusCode !== 200) throw new Error(`a score query is answered by ${answer.statusCode}: ${answer.payload}`)
    return answer.json().rank === null ? 'a score without its rank' : 'a score with its rank'
  }

  const tally = new Map<Sight, number>()
  let failure: unknown
  let stopping = false
  const again = async (ask: () => Promise<Sight>) => {
    while (!stopping && failure === undefined) {
      try {
        const seen = await ask()
        tally.set(seen, (tally.get(seen) ?? 0) + 1)
      } catch (error) {
        failure = error
      }
      await sleep(10)
    }
  }
  const asking = Promise.all([again(published), again(score)])
  const stop = async () => {
    stopping = true
    await asking
    await app.close()
    if (!office.pool.ended) await close()
    if (failure !== undefined) throw failure
  }
  t.teardown(stop)
  return {
    tally,
    async see(sight) {
      const before = tally.get(sight) ?? 0
      for (let i = 0; (tally.get(sight) ?? 0) === before; i++) {
        if (failure !== undefined) throw failure
        if (i > 1000) throw new Error(`no portal sees ${sight}`)
        await sleep(20)
      }
    },
    office: async url => (await get(url)).statusCode,
    async figures() {
      const monitor = await enterClient(office, { ...round.actor, client: 'monitor' }, ['metrics:read'])
      return (await app.inject({ url: '/metrics', headers: { authorization: `Bearer ${monitor}` } })).payload
    },
    stop,
  }
}

/** A row of the pages names every column; an entry of the edition only those that say something. */
function withoutNulls<T extends object>(entry: T): T {
  return Object.fromEntries(Object.entries(entry).filter(([name, value]) => name === 'rank' || value !== null)) as T
}

function waiting({ headers }: { headers: { [name: string]: unknown } }, what: 'the list' | 'a score'): Sight {
  if (!(Number(headers['retry-after']) > 0)) throw new Error('503 without Retry-After')
  return `asked to wait for ${what}`
}
