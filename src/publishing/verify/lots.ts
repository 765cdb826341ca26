import { createHash } from 'node:crypto'
import type { SealedEdition } from '../edition.ts'
import { type FaultList, isBehind } from '../faults.ts'

/** The secret is the committed one, each lot is what secret, draw and public number give, and of the placed and only of them the list has an entry. */
export function lotFaults({ line, entries, amendments }: SealedEdition, add: FaultList): void {
  if (line?.rule !== 'lot') return
  const fault = (pointer: string, message: string) => add('wrong-lot', pointer, message)
  const { secret = '', secretDigest, draws = [], lots = [] } = line
  const secretHash = sha256(Buffer.from(secret, 'hex'))
  if (`sha256:${secretHash.toString('hex')}` !== secretDigest) fault('/line/secret', 'this is not the secret that was committed')
  const draw = draws.at(-1)
  if (draw === undefined) {
    fault('/line/draws', 'the draw that decides is missing')
    return
  }
  const drawHash = sha256(Buffer.from(draw.numbers, 'utf8'))
  const listed = new Set(entries.map(entry => entry.publicNumber))
  lots.forEach(({ publicNumber, lot, placed }, i) => {
    const pointer = `/line/lots/${i}`
    const before = lots[i - 1]
    if (before && !isBehind(publicNumber, before.publicNumber)) fault(`${pointer}/publicNumber`, 'lots stand by public number, each once')
    if (sha256(Buffer.concat([secretHash, drawHash, Buffer.from(publicNumber, 'utf8')])).toString('hex') !== lot)
      fault(`${pointer}/lot`, 'secret, draw and public number give another lot')
    if (!amendments && placed !== listed.has(publicNumber))
      fault(`${pointer}/placed`, placed ? 'the list has no such entry' : 'the list has this entry')
  })
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
