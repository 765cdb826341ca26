import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import t from 'tap'
import { formatKeys, generateKeys, type Keys } from '../../src/store/encryption.ts'
import { bachelor, rankedRound, reserveAndTerm, rules } from '../round/out-round.ts'
import { project } from '../support/office.ts'
import { person } from '../support/people.ts'
import { publishIt } from '../support/year.ts'

t.test('what the terminal asks for after the list', async t => {
  const year = await rankedRound(t, rules({ quota: ['places: "1"', 'unit: applicants'], more: reserveAndTerm }), [
    person(0, bachelor),
    person(1),
  ])
  const { office, round, known } = year
  const points = (args: string[], keys: Keys = office.keys) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--no-warnings', join(project, 'src/cli/points.mjs'), 'round', ...args],
      {
        encoding: 'utf8',
        env: { ...process.env, DATABASE_URL: year.url, SETTLEMENT_KEYS: formatKeys(keys) },
      },
    )
    return { status, stdout, stderr }
  }
  for (const reason of ['', '  ', 'one\nmore', 'x'.repeat(2001)])
    t.match(points(['publish', round, '--kind', 'notice', '--reason', reason]), {
      status: 2,
      stderr: /at most 2000 characters on one line/,
    })
  t.match(points(['correct', round, 'x', '1', '--decision', ' ', '--ground', 'evidence']), { status: 2, stderr: /at most 200 characters/ })
  const foreign = points(['publish', round, '--kind', 'notice', '--reason', 'x'], generateKeys(randomBytes))
  t.match(foreign, { status: 2, stderr: /SETTLEMENT_KEYS are not the keys/ })
  t.equal((await office.pool.query('select from editions')).rowCount, 0, 'nothing was sealed')

  await publishIt(year)
  await publishIt(year, 'final')
  const folder = t.testdir({
    lapsed: `\n\nXXXX-XXXX-XXXX\n${known[0]?.number}\n`,
    right: `${known[0]?.number.toLowerCase()}\n`,
    empty: '\n',
  })
  const settle = (file: string) => points(['settle', round, '--lapsed', file])
  t.match(settle(join(folder, 'lapsed')), { status: 2, stderr: /lapsed, line 3: nobody of this public number/ })
  t.match(settle(join(folder, 'empty')), { status: 2, stderr: /Nobody is named/ })
  t.match(settle('/dev/zero'), { status: 2, stderr: /has more than 256 MiB/ })
  t.match(settle(join(folder, 'right')), { status: 0, stdout: '0 settled, 1 lapsed\n' })
})
