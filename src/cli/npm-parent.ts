import { startedByNpm } from '../config.ts'

const millisecondsBetweenLooks = 500

/** Calls `stop` when the npm that started us is gone. Killed with -9 it tells us nothing, and we would hold the database for ever. */
export function whenNpmIsGone(stop: () => void): void {
  if (!startedByNpm()) return
  const npm = process.ppid
  const looking = setInterval(() => {
    if (process.ppid === npm) return
    clearInterval(looking)
    stop()
  }, millisecondsBetweenLooks)
  looking.unref()
}
