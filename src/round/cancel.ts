import { Refusal } from '../values/refusal.ts'

/** @throws Refusal `run-cancelled` once the signal to stop was given */
export function notCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new Refusal('run-cancelled', 'The run was cancelled. What was not finished of it is gone; start it again at any time.')
}
