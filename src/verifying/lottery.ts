import { createHash } from 'node:crypto'
import { type Find, wholeRun } from './findings.ts'
import { dateIn } from './moments.ts'
import type { VerifyContext } from './stored.ts'

/** Gives the lot of a public number: SHA-256(SHA-256(secret) ‖ SHA-256(draw's text) ‖ public number), 32 bytes. */
export type LotOf = (publicNumber: string) => Buffer

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()

/** What a secret in hexadecimal and a draw's text give. Null if there is no draw, or no secret of at least 16 bytes. */
export function lottery(secret: string | null, draw: string | null): LotOf | null {
  if (secret === null || draw === null || !/^([0-9a-fA-F]{2}){16,}$/.test(secret)) return null
  const both = Buffer.concat([sha256(Buffer.from(secret, 'hex')), sha256(draw)])
  return publicNumber => createHash('sha256').update(both).update(publicNumber, 'utf8').digest()
}

/** The part of R10 that concerns no single application: the secret and the draw of the run. */
export function checkLottery(context: VerifyContext, find: Find): void {
  const { line, decides, run, lotSecretDigest, enteredDraw, frozenAt, zone, drawForm } = context
  if (decides === 'score-line' || line !== 'lot') {
    if (run.lotSecret !== null || run.draw !== null) find('R10', wholeRun, 'the run names a lot secret or a draw, but no lots are drawn')
    return
  }
  if (lottery(run.lotSecret, '') === null) find('R10', wholeRun, 'the run names no lot secret of at least 16 bytes')
  else if (lotSecretDigest !== `sha256:${sha256(Buffer.from(run.lotSecret as string, 'hex')).toString('hex')}`)
    find('R10', wholeRun, 'the lot secret is not the one that was committed')

  if (run.draw === null) find('R10', wholeRun, 'the run names no draw')
  if (enteredDraw === null) {
    find('R10', wholeRun, 'no draw was entered for the round')
    return
  }
  if (run.draw !== null && run.draw !== enteredDraw.numbers)
    find('R10', wholeRun, 'the draw of the run is not the last one that was entered for the round')
  // The first is the one that was made public; a later one would let a draw be chosen anew.
  if (frozenAt.length > 1) find('R10', wholeRun, 'the round was frozen more than once')
  const frozenOn = dateIn(frozenAt[0] ?? null, zone)
  if (frozenOn === null || enteredDraw.heldOn <= frozenOn)
    find('R10', wholeRun, 'the draw was not held on a day after the day of the freeze')
  const enteredOn = dateIn(enteredDraw.enteredAt, zone)
  if (enteredOn === null || enteredDraw.heldOn > enteredOn)
    find('R10', wholeRun, 'the draw was entered before the day on which it was held')
  if (drawForm === null || !hasForm(enteredDraw.numbers, drawForm))
    find('R10', wholeRun, 'the numbers of the draw do not have the form of the rules')
}

function hasForm(text: string, form: NonNullable<VerifyContext['drawForm']>): boolean {
  const texts = text === '' ? [] : text.split(',')
  if (!texts.every(number => /^(0|[1-9]\d{0,8})$/.test(number))) return false
  const numbers = texts.map(Number)
  let begin = 0
  for (const { count, from, to, order } of form) {
    const part = numbers.slice(begin, begin + count)
    begin += count
    if (part.length < count || part.some(number => number < from || number > to)) return false
    if (order === 'ascending' && part.some((number, i) => i > 0 && number <= (part[i - 1] as number))) return false
  }
  return begin === numbers.length
}
