import { npmProcess } from '../config.ts'

const millisecondsBetweenLooks = 500

/** Calls `stop` when the npm that started us is gone. Killed with -9 it tells us nothing, and we would hold the database for ever. */
export function whenNpmIsGone(stop: () => void): void {
  const npm = npmProcess()
  if (npm === undefined) return
  // Looked at once before anything else: npm may have been killed while our modules were loading.
  if (process.ppid !== npm) {
    stop()
    return
  }
  const looking = setInterval(() => {
    if (process.ppid === npm) return
    clearInterval(looking)
    stop()
  }, millisecondsBetweenLooks)
  looking.unref()
}
