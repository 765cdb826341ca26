import { applicant, population } from '../../../src/cli/demo/population.ts'
import { listDigest } from '../../../src/publishing/edition.ts'
import { takeApplicants } from '../../../src/round/bulk-intake.ts'
import { enterAuthority } from '../../../src/round/clients.ts'
import type { Actor, Office } from '../../../src/round/office.ts'
import { noProgress, type Progress } from '../../../src/round/progress.ts'
import { publish } from '../../../src/round/publish.ts'
import { createRound, moveRound } from '../../../src/round/rounds.ts'
import { runRound } from '../../../src/round/run.ts'
import { connect, type Store } from '../../../src/store/connect.ts'
import { generateKeys, type Keys } from '../../../src/store/encryption.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../database.ts'
import { countedBytes, putInForce, schemeTexts, vocabulary } from '../office.ts'
import { asOf, modelRules } from '../year.ts'
import { ask, databaseOf, type Server } from './postgres.ts'

/** A round in a database of any server, with the keys of its office. */
export type Round = { url: string; readUrl?: string; keys: Keys; actor: Actor; round: string }

/** An office on a store, with the true clock, as the processes beside it have. */
export function officeOf(store: Store, keys: Keys, randomBytes = countedBytes()): Office {
  return {
    ...store,
    keys,
    now: () => new Date().toISOString(),
    randomBytes,
    vocabularyOf: version => (version === vocabulary.version ? vocabulary : undefined),
    vocabulary,
  }
}

/** Makes a database with a closed round of the model scheme. The same number of applicants gives the same round on every server. */
export async function closedRoundIn(server: Server, database: string, applicants: number): Promise<Round> {
  const [round] = await closedRoundsIn(server, database, applicants, ['testoffice'])
  return round as Round
}

/** The same with a round for each of several offices, all alike. */
export async function closedRoundsIn(server: Server, database: string, applicants: number, offices: readonly string[]): Promise<Round[]> {
  await ask(server.url, `create database ${database}`)
  const url = databaseOf(server.url, database)
  const store = connect(url)
  try {
    await migrate(store.pool, migrations)
    const rounds: Round[] = []
    for (const authority of offices) {
      const randomBytes = countedBytes()
      const made: Round = { url, keys: generateKeys(randomBytes), actor: { authority, client: 'test' }, round: '2017' }
      const { actor, round } = made
      const office = officeOf(store, made.keys, randomBytes)
      await enterAuthority(office, authority, { 'zh-CN': '测试机关', en: 'test office' })
      if (rounds.push(made) === 1) await putInForce(office, actor, schemeTexts('model/2017'))
      await createRound(office, actor, { round, rules: modelRules })
      await moveRound(office, actor, round, 'open')
      await takeApplicants(office, actor, round, population({ seed: '7', applicants, asOf }))
      await moveRound(office, actor, round, 'closed')
    }
    return rounds
  } finally {
    await store.close()
  }
}

/** A copy of a round's database beside it, on the same server. Nobody may be connected to the one that is copied. */
export async function copyOf(server: Server, round: Round, database: string): Promise<Round> {
  await ask(server.url, `create database ${database} template ${new URL(round.url).pathname.slice(1)}`)
  return { ...round, url: databaseOf(round.url, database) }
}

/** Does something with the office of a round, over connections of its own. */
export async function inOffice<T>({ url, readUrl, keys }: Round, work: (office: Office) => Promise<T>): Promise<T> {
  const store = connect(url, { readUrl })
  try {
    return await work(officeOf(store, keys))
  } finally {
    await store.close()
  }
}

/** Publishes the notice of a ranked round; its list and all standings as digests: what must be the same whatever has happened. */
export async function publishedDigest(round: Round): Promise<string> {
  return inOffice(round, async office => {
    const { edition } = await publish(office, round.actor, round.round, {
      kind: 'notice',
      reason: 'a notice in a test',
      progress: noProgress,
    })
    const { rows } = await office.pool.query<{ digest: string }>(standings, [round.actor.authority, round.round])
    if (edition.entries.length === 0) throw new Error('nobody is on the list')
    return `${listDigest(edition)} ${rows[0]?.digest}`
  })
}

const standings = `
  select md5(string_agg(
    (a.public_number, e.eligible, e.total, e.items, e.chain, s.pool, s.rank, s.outcome, s.reserve, s.lot)::text, '\n' order by a.public_number)) as digest
  from entries e join applications a using (authority, round, application) left join standings s using (authority, round, run, application)
  where authority = $1 and round = $2 and run = (select verified_run from rounds r where r.authority = $1 and r.round = $2)`

/** Freezes, scores, ranks and verifies it. */
export async function runIn(round: Round, progress: Progress = noProgress): Promise<void> {
  const { report } = await inOffice(round, office => runRound(office, round.actor, round.round, { progress, seconds: () => 0 }))
  if (!report.holds) throw new Error(`the run does not hold: ${JSON.stringify(report)}`)
}

/** The citizen number of an applicant, by the order of application. */
export function citizenNumberOf(index: number): string {
  return applicant('7', index, asOf).citizenNumber
}
