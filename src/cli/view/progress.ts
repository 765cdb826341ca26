import { bar } from './terminal.ts'
import { displayWidth } from './width.ts'

/** How far a stage has come. */
export type Progress = { stage: string; done: number; total: number }

export type ProgressView = {
  /** Tells how far a stage is. Another stage's first report ends the one before. */
  report(progress: Progress): void
  /** Ends the stage at hand, also when it did not come to its end. */
  end(): void
}

export type ProgressOptions = {
  output: { write(text: string): unknown; columns?: number | undefined }
  /** A terminal gets one line that is drawn again; anything else gets a plain line at the end of each stage. */
  terminal: boolean
  blocks: boolean
  /** Milliseconds of a clock that never goes back. */
  now: () => number
}

/** A terminal is drawn at most ten times a second, so that a fast stage does not spend its time on drawing. */
const millisecondsBetweenDraws = 100

/** Over fewer milliseconds a rate says more of the clock than of the work. */
const leastForRate = 100

type Stage = { name: string; done: number; total: number; began: number; drawn: number | undefined }

/** Shows how a run goes on: a bar with rate, per cent and time left on a terminal, plain lines elsewhere. */
export function progressView({ output, terminal, blocks, now }: ProgressOptions): ProgressView {
  let stage: Stage | undefined
  let ended: string | undefined
  const redrawn = (text: string) => `\r${text}\u001b[K` // the rest of what stood there is wiped
  const end = () => {
    if (!stage) return
    const line = endLine(stage, now() - stage.began)
    output.write(terminal ? `${redrawn(line)}\n` : `${line}\n`)
    ended = stage.name
    stage = undefined
  }
  return {
    end,
    report({ stage: name, done, total }) {
      if (stage && stage.name !== name) end()
      if (!stage && name === ended && done >= total) return // told to be finished twice
      stage ??= { name, done, total, began: now(), drawn: undefined }
      stage.done = done
      stage.total = total
      if (done >= total) return end()
      if (!terminal) return
      const time = now()
      if (stage.drawn !== undefined && time - stage.drawn < millisecondsBetweenDraws) return
      stage.drawn = time
      output.write(redrawn(barLine(stage, time - stage.began, output.columns ?? 80, blocks)))
    },
  }
}

function barLine({ name, done, total }: Stage, milliseconds: number, columns: number, blocks: boolean): string {
  const percent = `${String(Math.floor((done * 100) / total)).padStart(3)} %`
  const rate = milliseconds >= leastForRate && done > 0 ? `  ${perSecond(done, milliseconds)}/s` : ''
  const left = milliseconds >= 1000 && done > 0 ? `  ${duration((milliseconds * (total - done)) / done)} left` : ''
  const texts = [`${percent}${rate}${left}`, `${percent}${rate}`, percent]
  // A narrow terminal loses the time left first, then the rate: a line that wraps cannot be drawn over.
  const room = columns - 1 - displayWidth(name) - 4
  const text = texts.find(one => room - one.length >= 10) ?? percent
  const width = Math.min(40, room - text.length)
  if (width < 5) return `${name} ${percent}`.slice(0, Math.max(0, columns - 1))
  const drawn = bar(done, total, width, blocks)
  return `${name}  ${drawn}${(blocks ? '░' : '.').repeat(width - drawn.length)}  ${text}`
}

function endLine({ name, done, total }: Stage, milliseconds: number): string {
  const count = done >= total ? done.toLocaleString('en') : `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
  const rate = milliseconds >= leastForRate && done > 0 ? ` (${perSecond(done, milliseconds)}/s)` : ''
  return `${name}: ${count} in ${(milliseconds / 1000).toFixed(1)} s${rate}`
}

function perSecond(done: number, milliseconds: number): string {
  return Math.round((done * 1000) / milliseconds).toLocaleString('en')
}

/** 8 s, 2 min 05 s, 1 h 20 min. */
function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}
