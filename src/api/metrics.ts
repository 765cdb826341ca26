import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Office } from '../round/office.ts'
import { jobFigures } from '../store/jobs.ts'

/** What Prometheus reads, as text. */
export type Metrics = { contentType: string; text(): Promise<string> }

const states = ['queued', 'working', 'done', 'failed', 'cancelled'] as const
/** From a look-up by key to the publication of a large list. */
const secondsOfRequests = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

/**
 * The figures of this process, and those of the installation that the database has. No label has a name of a round, an authority or a person, and
 * none has more values than the program: a route is its pattern, and what is no route has none.
 */
export function measure(app: FastifyInstance, office: Office): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = new Histogram({
    name: 'settlement_http_request_seconds',
    help: 'Answers of this process, by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    buckets: secondsOfRequests,
    registers,
  })
  app.addHook('onResponse', async (request, reply) => {
    // A method of no route is whatever a caller has sent.
    const route = request.routeOptions.url
    const labels = { route: route ?? 'none', method: route === undefined ? 'any' : request.method, status: String(reply.statusCode) }
    requests.observe(labels, reply.elapsedTime / 1000)
  })

  new Gauge({
    name: 'settlement_pool_connections',
    help: 'Connections of this process to the database, by pool and state; waiting are callers that have none yet.',
    labelNames: ['pool', 'state'],
    registers,
    collect() {
      for (const [name, pool] of Object.entries({
        work: office.pool,
        readers: office.readers,
        jobs: office.jobs.pool,
        ...(office.replica && { replica: office.replica }),
      })) {
        this.set({ pool: name, state: 'busy' }, pool.totalCount - pool.idleCount)
        this.set({ pool: name, state: 'idle' }, pool.idleCount)
        this.set({ pool: name, state: 'waiting' }, pool.waitingCount)
      }
    },
  })

  const ofInstallation = (help: string) => `${help} Of the whole installation: every process tells the same.`
  const up = new Gauge({ name: 'settlement_database_up', help: 'Whether the database has answered this scrape.', registers })
  const jobs = new Gauge({
    name: 'settlement_jobs',
    help: ofInstallation('The last job of each round, by state.'),
    labelNames: ['state'],
    registers,
  })
  const stages = new Counter({
    name: 'settlement_run_stage_seconds_total',
    help: ofInstallation('Seconds that finished runs took, by stage.'),
    labelNames: ['stage'],
    registers,
  })
  const finished = new Counter({ name: 'settlement_runs_finished_total', help: ofInstallation('Finished runs.'), registers })
  const scored = new Counter({
    name: 'settlement_applicants_scored_total',
    help: ofInstallation('Applicants of finished runs.'),
    registers,
  })
  const last = new Gauge({
    name: 'settlement_last_run_finished_timestamp_seconds',
    help: ofInstallation('When a run finished last, in seconds since 1970; absent before the first.'),
    registers,
  })

  async function ask(): Promise<void> {
    // What the database does not tell now is absent, never an old figure.
    for (const metric of [jobs, stages]) metric.reset()
    for (const metric of [finished, scored, last]) metric.remove()
    let figures: Awaited<ReturnType<typeof jobFigures>>
    try {
      figures = await jobFigures(office.db)
    } catch {
      return up.set(0)
    }
    up.set(1)
    for (const state of states) jobs.set({ state }, figures.jobs.find(one => one.state === state)?.count ?? 0)
    for (const { stage, seconds } of figures.stages) stages.inc({ stage }, seconds)
    finished.inc(figures.runs.finished)
    scored.inc(figures.runs.applicants)
    if (figures.runs.lastFinished !== null) last.set(figures.runs.lastFinished)
  }

  let asked: Promise<string> | undefined
  return {
    contentType: registry.contentType,
    // Two scrapes at once share one answer: each would else reset what the other has set.
    text() {
      asked ??= ask()
        .then(() => registry.metrics())
        .finally(() => {
          asked = undefined
        })
      return asked
    },
  }
}
