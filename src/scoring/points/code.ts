import { plus, times } from '../../values/decimal.ts'
import { type RoundingMode, roundQuotient } from '../../values/rounding.ts'
import type { Measure } from '../measures/measure.ts'

/**
 * No measure of an ordinary applicant is larger. Up to here the generated source may use plain arithmetic wherever `reach` proves that
 * integers stay exact; a larger measure is scored by the slow path, which checks every step.
 */
export const ordinary = 2 ** 32

/** Figures below this may be multiplied, added and divided with floor without losing a digit. */
const exact = 2 ** 50

/** An expression of the generated source, and the largest absolute value that it can have while measures are ordinary. */
export type Emitted = { text: string; reach: number }

/**
 * The source that scores one applicant, as it is written by the nodes. Every name in it is made here, every figure is a checked integer, and a
 * text of the scheme gets in only as a JSON literal.
 */
export class Code {
  /** Statements that run once, before all items. */
  readonly head: string[] = []
  /** Statements in the order of the document. */
  readonly body: string[] = []
  /** Values that the source refers to by name: functions and tables. */
  readonly bound = new Map<string, unknown>([
    ['times', times],
    ['plus', plus],
    ['roundQuotient', roundQuotient],
  ])
  /** Measures that are read, each into a local of its own. */
  readonly measures = new Map<Measure, string>()
  /** The statement that leaves the item or total open: evidence is missing. */
  leave = ''
  /** Whether the source asks for the evaluation itself. */
  needsEvaluation = false
  /** The local that holds the record which `each` looks at. */
  record = ''
  private names = 0
  private readonly once = new Map<unknown, string>()

  line(text: string): void {
    this.body.push(text)
  }

  name(): string {
    return `v${this.names++}`
  }

  /** A local with a value. */
  local(value: string): string {
    const name = this.name()
    this.line(`const ${name} = ${value}`)
    return name
  }

  /** Gives a value from outside a name. */
  bind(value: unknown): string {
    const name = `k${this.bound.size}`
    this.bound.set(name, value)
    return name
  }

  /** The local that holds a measure, undefined where it is missing. */
  measure(measure: Measure): string {
    const known = this.measures.get(measure)
    if (known) return known
    const name = `m${this.measures.size}`
    this.measures.set(measure, name)
    return name
  }

  /** Something that is worked out at most once for an applicant. `write` gives the statements that set the local. */
  shared(key: unknown, write: (name: string) => string[]): string {
    const known = this.once.get(key)
    if (known) return known
    const name = this.name()
    this.once.set(key, name)
    this.head.push(...write(name))
    return name
  }

  /** The evaluation, for what is too rare to be written out. */
  get evaluation(): string {
    this.needsEvaluation = true
    return 'e'
  }

  times(a: Emitted, factor: number): Emitted {
    if (factor === 1) return a
    const reach = a.reach * Math.abs(factor)
    // Nothing times -5 is 0, where -0 would be another value.
    if (reach < exact && factor < 0) return { text: `(0 - ${a.text} * ${-factor})`, reach }
    return { text: reach < exact ? `(${a.text} * ${factor})` : `times(${a.text}, ${factor})`, reach }
  }

  plus(a: Emitted, b: Emitted): Emitted {
    const reach = a.reach + b.reach
    return { text: reach < exact ? `(${a.text} + ${b.text})` : `plus(${a.text}, ${b.text})`, reach }
  }

  /** num/den, rounded to an integer. */
  quotient(num: Emitted, den: number, mode: RoundingMode): Emitted {
    if (den === 1) return num
    const reach = Math.ceil(num.reach / den) + 1
    if (num.reach * 2 + den < exact && mode === 'floor') return { text: `Math.floor(${num.text} / ${den})`, reach }
    if (num.reach * 2 + den < exact && mode === 'half-up') {
      const n = this.local(num.text)
      const up = (positive: string) => `Math.floor((2 * ${positive} + ${den}) / ${2 * den})`
      return { text: `(${n} < 0 ? 0 - ${up(`(0 - ${n})`)} : ${up(n)})`, reach }
    }
    return { text: `roundQuotient(${num.text}, ${den}, ${JSON.stringify(mode)})`, reach }
  }
}
