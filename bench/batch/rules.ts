import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { schemesFolder } from '../../src/config.ts'

/**
 * The rules of the model round with an order of five keys, as Zhongshan and Foshan have them, so that few are equal, and places for five in a hundred.
 */
export function benchRules(applicants: number): string {
  const rules = readFileSync(join(schemesFolder, 'model/2017/rounds.yaml'), 'utf8')
  const key = (fields: string) => `  - {${fields}, assumption: a benchmark}\n`
  const order =
    key('key: total, direction: desc') +
    key('key: item, of: insurance, direction: desc') +
    key('key: measure, of: monthsInsured, direction: desc') +
    key('key: measure, of: monthsEmployed, direction: desc') +
    key('key: date, of: residentSince, direction: asc')
  return rules.replace(/(?<=^order:\n)( {2}- .*\n)+/m, order).replace(/places: \d+/, `places: ${Math.max(1, Math.floor(applicants / 20))}`)
}
