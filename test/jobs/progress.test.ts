import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { buildApp } from '../../src/api/app.ts'
import { enterClient, type Scope } from '../../src/round/clients.ts'
import { close, closedRound, copyOf, type Year } from '../support/year.ts'
import { holdScoring, untilEnded } from './support.ts'

type Test = Parameters<typeof closedRound>[0]

/** The API over a year, listening. */
async function listening(t: Test, { office, actor }: Year, runsAtOnce: number) {
  const app = buildApp({ office, runsAtOnce, runLimitMilliseconds: 5000 })
  t.teardown(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  let clients = 0
  const key = async (...scopes: Scope[]) => enterClient(office, { ...actor, client: `client-${clients++}` }, scopes)
  const call = (path: string, key: string, method = 'GET', signal?: AbortSignal) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(method === 'POST' && path.endsWith('/runs') ? { 'content-type': 'application/json' } : {}),
      },
      ...(method === 'POST' && path.endsWith('/runs') ? { body: '{}' } : {}),
      ...(signal && { signal }),
    })
  return { app, url, key, call }
}

type Event = { name: string; data: { state: string; stage: string | null } | null; at: number }

/** The events of a stream as they come. */
async function* eventsOf(response: Response): AsyncGenerator<Event> {
  let text = ''
  for await (const piece of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    text += piece
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? []
      text = text.slice(end + 2)
      yield { name, data: JSON.parse(data), at: performance.now() }
    }
  }
}

t.test('progress and figures', async t => {
  const closed = await closedRound(t, { applicants: 600 })
  await close(closed)

  await t.test('a stream tells each second how a run goes on, and its end', async t => {
    const year = await copyOf(t, closed)
    const { call, key } = await listening(t, year, 1)
    const reader = await key('rounds:read')
    const path = `/v1/rounds/${year.round}/runs/progress`
    t.equal((await call('/v1/rounds/2099/runs/progress', reader)).status, 404)
    t.equal((await call(path, await key('scores:query'))).status, 403)
    const before = await call(path, reader)
    t.match(before.headers.get('content-type'), /^text\/event-stream/)
    t.equal(await before.text(), 'event: end\ndata: null\n\n', 'no run was ordered yet')

    const letGo = await holdScoring(t, year)
    t.equal((await call(`/v1/rounds/${year.round}/runs`, await key('rounds:run'), 'POST')).status, 202)
    const began = performance.now()
    const events: Event[] = []
    for await (const event of eventsOf(await call(path, reader))) {
      events.push(event)
      if (performance.now() - began > 4000) await letGo()
    }
    const last = events.at(-1)
    t.match(last, { name: 'end', data: { state: 'done', run: 1, problem: null } })
    t.ok(events.length >= 5, `${events.length} events in ${(last?.at ?? 0) - began} ms`)
    for (const [i, event] of events.slice(0, -1).entries()) {
      t.match(event, { name: 'progress', data: { state: /^(queued|working)$/ } })
      t.ok((events[i + 1] as Event).at - event.at < 1500, 'one each second')
    }
    t.ok(events.some(({ data }) => data?.stage === 'score'))
  })

  await t.test('cancelled over HTTP, and the stream says so', async t => {
    const year = await copyOf(t, closed)
    const { call, key } = await listening(t, year, 1)
    const both = await key('rounds:read', 'rounds:run')
    const runs = `/v1/rounds/${year.round}/runs`
    t.equal((await call(`${runs}/cancellation`, await key('rounds:read'), 'POST')).status, 403)
    t.equal((await call(`${runs}/cancellation`, both, 'POST')).status, 409)
    const letGo = await holdScoring(t, year)
    await call(runs, both, 'POST')
    let last: Event | undefined
    let asked: Response | undefined
    for await (const event of eventsOf(await call(`${runs}/progress`, both))) {
      last = event
      if (event.data?.stage !== 'score' || asked) continue
      asked = await call(`${runs}/cancellation`, both, 'POST')
      t.match([asked.status, await asked.json()], [202, { cancelAsked: true }])
      setTimeout(letGo, 700)
    }
    t.match(last, { name: 'end', data: { state: 'cancelled' } })
  })

  await t.test('streams are few, and end with the service', async t => {
    const year = await copyOf(t, closed)
    const { app, call, key } = await listening(t, year, 0)
    const reader = await key('rounds:read')
    const runs = `/v1/rounds/${year.round}/runs`
    await call(runs, await key('rounds:run'), 'POST')
    const gone = new AbortController()
    const first = await call(`${runs}/progress`, reader, 'GET', gone.signal)
    const open = await Promise.all(Array.from({ length: 9 }, () => call(`${runs}/progress`, reader)))
    const refused = await call(`${runs}/progress`, reader)
    t.match([refused.status, await refused.json()], [429, { code: 'too-many-streams' }])
    t.equal((await call(`${runs}/progress`, await key('rounds:read'))).status, 200, 'another client has its own')
    gone.abort()
    await first.text().catch(() => {})
    let again = 429
    for (let i = 0; i < 50 && again === 429; i++) {
      await sleep(50)
      again = (await call(`${runs}/progress`, reader)).status
    }
    t.equal(again, 200, 'a stream that its reader left is free')
    const since = performance.now()
    const texts = Promise.all(open.map(one => one.text()))
    await app.close()
    for (const text of await texts) t.match(text, /^event: progress\ndata: .*"state":"queued"/)
    t.notMatch((await texts).join(''), /event: end/)
    t.ok(performance.now() - since < 2000, 'none holds the service back')
  })

  await t.test('figures for Prometheus', async t => {
    const year = await copyOf(t, closed)
    const { call, key, url } = await listening(t, year, 1)
    const admin = await key('rounds:run')
    const monitor = await key('metrics:read')
    t.equal((await fetch(`${url}/metrics`)).status, 401)
    t.equal((await call('/metrics', admin)).status, 403)
    const before = await (await call('/metrics', monitor)).text()
    t.match(before, /^settlement_jobs\{state="queued"\} 0$/m)
    t.notMatch(before, /^settlement_last_run_finished/m)

    await call(`/v1/rounds/${year.round}/runs`, admin, 'POST')
    t.match(await untilEnded(year), { state: 'done' })
    await call(`/v1/rounds/${year.round}/runs`, await key('rounds:read'))
    for (const path of ['/x/1', '/x/2', '/v1/rounds/2099']) await call(path, admin)
    const response = await call('/metrics', monitor)
    t.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
    const text = await response.text()
    for (const line of [
      'settlement_http_request_seconds_count{route="/v1/rounds/:round/runs",method="POST",status="202"} 1',
      'settlement_http_request_seconds_count{route="none",method="any",status="404"} 2',
      'settlement_http_request_seconds_count{route="/v1/rounds/:round",method="GET",status="403"} 1',
      'settlement_jobs{state="done"} 1',
      'settlement_jobs{state="working"} 0',
      'settlement_applicants_scored_total 600',
      'settlement_runs_finished_total 1',
      'settlement_database_up 1',
    ])
      t.ok(text.includes(`\n${line}\n`), line)
    for (const stage of ['freeze', 'score', 'rank', 'verify'])
      t.match(text, new RegExp(`^settlement_run_stage_seconds_total\\{stage="${stage}"\\} [0-9.]+$`, 'm'))
    t.match(text, /^settlement_pool_connections\{pool="work",state="idle"\} \d+$/m)
    t.notMatch(text, /pool="replica"/, 'there is none')
    t.match(text, /^settlement_last_run_finished_timestamp_seconds \d+$/m)
    t.match(text, /^process_cpu_seconds_total|^nodejs_eventloop_lag/m)
    for (const name of [year.round, year.actor.authority, '/x/1', 'client-'])
      t.notOk(new RegExp(`[="/]${name}["/]`).test(text), `no label has ${name}`)

    await year.office.pool.query('alter table round_jobs rename to gone')
    const without = await (await call('/metrics', monitor)).text()
    t.match(without, /^settlement_database_up 0$/m)
    t.notMatch(without, /^settlement_jobs\{/m, 'what is not known is not told')
    await year.office.pool.query('alter table gone rename to round_jobs')
  })
})
