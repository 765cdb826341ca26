import { once } from 'node:events'
import t from 'tap'
import { progressStreams } from '../../src/api/progress-stream.ts'

const job = { state: 'working' as const }
const client = (i: number) => ({ authority: 'office', client: `client-${i}` })

t.test('a process has at most 200 streams, and each that ends makes room', async t => {
  const closing = new AbortController()
  const streams = progressStreams({ closing: closing.signal })
  for (let i = 0; i < 201; i++) {
    const ended = streams.open(client(0), null, async () => null)
    ended.resume()
    await once(ended, 'close')
  }
  const open = Array.from({ length: 200 }, (_, i) => streams.open(client(Math.floor(i / 10)), job, async () => job))
  t.throws(() => streams.open(client(20), job, async () => job), { code: 'too-many-streams' })
  open[0]?.destroy()
  await once(open[0] as (typeof open)[0], 'close')
  const another = streams.open(client(20), job, async () => job)
  for (const stream of [another, ...open.slice(1)]) stream.destroy()
  closing.abort()
})

t.test('clients of the same name in two offices each have their own', async t => {
  const closing = new AbortController()
  const streams = progressStreams({ closing: closing.signal })
  const open = (authority: string) => streams.open({ authority, client: 'portal' }, job, async () => job)
  const opened = Array.from({ length: 10 }, () => open('one'))
  t.throws(() => open('one'), { code: 'too-many-streams' })
  for (const stream of [...opened, open('other')]) stream.destroy()
  closing.abort()
})
