// Run as a child: runs a round and tells each step of its progress on a line, until it has finished or is killed. In the stage that is named it stops dead
// after so many applicants.

import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { runRound } from '../../src/round/run.ts'
import { connect } from '../../src/store/connect.ts'
import { parseKeys } from '../../src/store/encryption.ts'
import { vocabulary } from './office.ts'

const [url, authority, round, lastStage, least] = process.argv.slice(2) as [string, string, string, string?, string?]
const store = connect(url)
const office = {
  ...store,
  keys: parseKeys(process.env.SETTLEMENT_KEYS as string),
  now: () => '2020-03-01T08:00:00.000Z',
  randomBytes,
  vocabularyOf: () => vocabulary,
  vocabulary,
}
// Written at once, so that no line is lost in the process when it is killed.
const progress = ({ stage, done }: { stage: string; done: number }) => {
  writeSync(1, `${stage} ${done}\n`)
  if (stage === lastStage && done >= Number(least)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
await runRound(office, { authority, client: 'child' }, round, { progress, seconds: () => 0 })
await store.close()
writeSync(1, 'finished\n')
