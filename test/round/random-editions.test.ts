import { createHash } from 'node:crypto'
import t from 'tap'
import { sealEdition } from '../../src/publishing/edition.ts'
import { verifyEdition } from '../../src/publishing/verify-edition.ts'
import { readRules } from '../../src/ranking/rules.ts'
import { contentOf, type Published } from '../../src/round/edition-content.ts'
import { encryptPerson } from '../../src/store/persons.ts'
import { getRound } from '../../src/store/rounds.ts'
import { getRun } from '../../src/store/runs.ts'
import { anOffice } from '../support/office.ts'
import { randomRound } from '../support/random-rounds/round.ts'
import { storedPath } from '../support/stored-rounds.ts'

const rounds = 60
const digest = `sha256:${'0'.repeat(64)}`

t.test('the editions of random rounds have no fault, whatever the rules', { timeout: 120_000 }, async t => {
  const seed = Date.now() & 0x7fffffff
  t.comment(`seed ${seed}`)
  const { office, actor } = await anOffice(t)
  const { db, pool } = office
  const path = await storedPath(office as never)
  const { authority } = actor
  for (const { person } of (await pool.query('select person from persons')).rows) {
    const { nameEncrypted } = encryptPerson(office.keys, { authority, person, citizenNumber: 'x', name: '张三' })
    await pool.query('update persons set name_encrypted = $2 where person = $1', [person, nameEncrypted])
  }
  let published = 0
  for (let i = 1; i <= rounds; i++) {
    const random = randomRound(seed + i)
    const before = (await pool.query('select count(*) as rounds from rounds')).rows[0].rounds
    await path(random)
    const after = (await pool.query('select count(*) as rounds from rounds')).rows[0].rounds
    if (after === before) continue
    const round = `round-${after}`
    const rules = readRules(random.text)
    const total = rules.order.findIndex(({ key }) => key === 'total')
    const value = total < 0 ? '1000' : `coalesce(chain[${total + 1}], 0)`
    await pool.query(`update entries set total = ${value} where round = $1`, [round])
    const { lottery } = random
    const secret = lottery && Buffer.from(lottery.secret).toString('hex')
    await pool.query('update runs set lot_secret = $2, draw = $3 where round = $1', [round, secret, lottery?.draw ?? null])
    if (lottery)
      await pool.query(`insert into draws values ($1, $2, 1, 'one', '2026-01-03', $3, 'test', '2026-01-03T00:00:00Z')`, [
        authority,
        round,
        lottery.draw,
      ])
    const stored = await getRound(db, authority, round)
    const run = await getRun(db, { authority, round, run: 1 })
    const judge = {
      rules,
      total: 0,
      units: rules.order.map(() => ({ kind: 'decimal', scale: 2 })),
      scheme: { scheme: 'random', version: '2026', digest, totals: [{ scale: 2 }] },
    }
    const lot_secret_digest = lottery && `sha256:${createHash('sha256').update(lottery.secret).digest('hex')}`
    const of = {
      round: { ...stored, rules_digest: digest, lot_secret_digest },
      run: { ...run, inputs_digest: digest },
      judge,
      setAside: new Map(),
    }
    const content = await contentOf(office, db, of as unknown as Published)
    const why = {
      kind: 'notice' as const,
      edition: 1,
      supersedes: null,
      reason: 'a test',
      sealedAt: '2026-01-04T00:00:00Z',
      sealedBy: 'test',
    }
    const { faults } = verifyEdition(JSON.stringify(sealEdition({ ...content, ...why })))
    if (faults.length > 0) t.fail(`seed ${seed + i}: ${JSON.stringify(faults.slice(0, 3))}\n${random.text}\n${JSON.stringify(content)}`)
    published++
  }
  t.ok(published > rounds / 2, `${published} editions`)
})
