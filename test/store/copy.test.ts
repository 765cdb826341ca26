import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import type pg from 'pg'
import t from 'tap'
import {
  byteaOf,
  byteaText,
  type CopyRow,
  copyAllIn,
  copyIn,
  copyOut,
  integerArray,
  parseCopyLine,
  textArray,
} from '../../src/store/copy.ts'
import { throwAwayDatabase } from '../support/database.ts'

async function all(batches: AsyncIterable<CopyRow[]>): Promise<CopyRow[]> {
  const rows: CopyRow[] = []
  for await (const batch of batches) rows.push(...batch)
  return rows
}

/** Text as PostgreSQL takes it: any but NUL and lone surrogates, rich in what COPY escapes. */
const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom('\\', '\t', '\n', '\r', '\b', '\f', '\v', 'N', 'n', '.', '张', '𠮷', '\u2028', '"', ',', '{', '}', ' '),
  }),
  fc.string({ unit: 'binary' }).map(s => s.replaceAll('\0', '')),
  fc.constantFrom('\\N', '\\.', '', 'NULL'),
)

t.test('COPY in and out', async t => {
  const { pool } = await throwAwayDatabase(t)
  const client = await pool.connect()
  t.teardown(() => client.release())
  await client.query('create table copied (a text, n int8, b bytea, items int8[], words text[])')
  const sql = 'copy copied from stdin'
  const out = 'copy copied to stdout'
  const emptied = () => client.query('truncate copied')

  await t.test('any row comes back as it was', async t => {
    const seed = Date.now() & 0x7fffffff
    t.comment(`seed ${seed}`)
    const row = fc.record({
      a: fc.option(text),
      n: fc.option(fc.maxSafeInteger()),
      b: fc.uint8Array(),
      items: fc.array(fc.option(fc.maxSafeInteger())),
      words: fc.array(text),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async rows => {
        await emptied()
        const lines = rows.map(r => [r.a, r.n, byteaText(Buffer.from(r.b)), integerArray(r.items), textArray(r.words)])
        if ((await copyAllIn(client, sql, lines)) !== rows.length) throw new Error('counted otherwise')
        const { rows: stored } = await client.query('select * from copied')
        const expected = rows.map(r => ({ ...r, b: Buffer.from(r.b) }))
        if (!same(stored, expected)) throw new Error('stored otherwise')
        const read = (await all(copyOut(client, out))).map(r => [r[0], r[1] === null ? null : Number(r[1]), byteaOf(r[2] as string)])
        if (
          !same(
            read,
            expected.map(r => [r.a, r.n, r.b]),
          )
        )
          throw new Error('read otherwise')
      }),
      { seed, numRuns: 150 },
    )
  })

  await t.test('rows longer than a piece, and pieces that part characters', async t => {
    await emptied()
    const long = '张三𠮷\\\n'.repeat(60_000)
    const rows = Array.from({ length: 300 }, (_, i) => [i % 100 === 0 ? long : '京'.repeat(i * 7), i, null, null, null] as const)
    await copyAllIn(client, sql, rows)
    let batches = 0
    const read: CopyRow[] = []
    // A table has no order of its own: PostgreSQL 15 puts a short row into a page that a long one left half empty.
    for await (const batch of copyOut(client, 'copy (select * from copied order by n) to stdout')) {
      batches++
      read.push(...batch)
    }
    t.ok(batches > 3, `${batches} batches`)
    t.ok(read.every((row, i) => row[0] === rows[i]?.[0] && row[1] === String(i)))
    t.equal(read.length, 300)
  })

  await t.test('leaving early leaves the client usable', async t => {
    await emptied()
    await client.query("insert into copied (a, n) select repeat('x', 100), i from generate_series(1, 50000) i")
    for await (const batch of copyOut(client, out)) {
      t.ok(batch.length < 50000)
      break
    }
    await t.rejects(
      (async () => {
        for await (const _ of copyOut(client, out)) throw new Error('mine')
      })(),
      /mine/,
    )
    t.same((await client.query('select count(*) from copied')).rows, [{ count: 50000 }])
  })

  await t.test('errors of PostgreSQL come through, and the client stays usable', async t => {
    await emptied()
    await t.rejects(all(copyOut(client, 'copy nowhere to stdout')), { code: '42P01' })
    await t.rejects(all(copyOut(client, 'copy (select 1 / (3 - i) from generate_series(1, 5) i) to stdout')), { code: '22012' })
    await t.rejects(copyAllIn(client, 'copy nowhere from stdin', [['a']]), { code: '42P01' })
    await t.rejects(copyAllIn(client, sql, [['a', 'no number', null, null, null]]), { code: '22P02' })
    const endless = function* () {
      for (;;) yield ['a', 'no number', null, null, null]
    }
    await t.rejects(copyAllIn(client, sql, endless()), { code: '22P02' }, 'in the middle of a long COPY too')
    const broken = function* () {
      yield ['a', 1, null, null, null]
      throw new Error('source broke')
    }
    await t.rejects(copyAllIn(client, sql, broken()), /source broke/)
    await t.rejects(copyAllIn(client, sql, [['a', 0.5, null, null, null]]), RangeError, 'no fraction is stored')
    const writer = copyIn(client, sql)
    await writer.destroy(new Error('never mind'))
    t.same((await client.query('select count(*) from copied')).rows, [{ count: 0 }])
    t.equal(await copyAllIn(client, sql, []), 0)
  })

  await t.test('memory stays flat and the writer waits', async t => {
    await emptied()
    const writer = copyIn(client, sql)
    let waits = 0
    for (let i = 0; i < 200_000; i++) {
      const behind = writer.write(['x'.repeat(100), i, null, null, null])
      if (behind) {
        waits++
        await behind
      }
    }
    t.equal(await writer.end(), 200_000)
    t.ok(waits > 0, `${waits} waits`)
  })

  await t.test('a lost connection ends both ways with an error', async t => {
    for (const way of [
      (lost: pg.PoolClient) => all(copyOut(lost, "copy (select repeat('x', 1000) from generate_series(1, 1000000)) to stdout")),
      async (lost: pg.PoolClient) => {
        const writer = copyIn(lost, sql)
        for (;;) await (writer.write(['x', 1, null, null, null]) ?? new Promise(setImmediate))
      },
    ]) {
      const lost = await pool.connect()
      const { rows } = await lost.query('select pg_backend_pid() as pid')
      lost.on('error', () => {})
      const killed = sleep(50).then(() => client.query('select pg_terminate_backend($1)', [rows[0].pid]))
      await t.rejects(way(lost))
      await killed
      lost.release(true)
    }
  })
})

t.test('a line is parted', async t => {
  t.same(parseCopyLine('a\t\\N\t\\\\N\t\tb\\tc\\nd\\\\n'), ['a', null, '\\N', '', 'b\tc\nd\\n'])
  t.same(parseCopyLine(''), [''])
  t.equal(textArray(['a"b', '\\', '']), '{"a\\"b","\\\\",""}')
  t.equal(integerArray([1, null, -3]), '{1,NULL,-3}')
})

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
