import { at, type Fault, Refusal } from './refusal.ts'

/** No document of ours is nested deeper than seven; a deep one would overflow the stack of whatever walks it. */
const mostDepth = 32

/**
 * Reads a JSON text in which nothing is lost: `JSON.parse` keeps the last of two equal names and drops the first, and PostgreSQL cannot store
 * the character NUL or half a surrogate pair, so all three are refused here. `what` begins the messages ("The body"); they quote nothing of the text
 * but names of fields.
 * @throws Refusal `malformed-json`, `invalid-request`
 */
export function readStrictJson(text: string, what: string): unknown {
  const value = plainJson(text)
  return value === undefined ? checkedJson(text, what) : value
}

/**
 * The value of a text of which a glance says that nothing is wrong with it, else undefined. A name given twice leaves fewer members in the value
 * than there are colons in the text; NUL, half a surrogate pair and a name in disguise need an escape by number.
 */
function plainJson(text: string): unknown {
  if (text.includes('\\u') || text.includes('__proto__')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return membersIn(value, mostDepth) === colonsIn(text) ? value : undefined
  } catch {
    return undefined
  }
}

function colonsIn(text: string): number {
  let colons = 0
  for (let i = text.indexOf(':'); i >= 0; i = text.indexOf(':', i + 1)) colons++
  return colons
}

/** Number of members of all objects in a value; -1 or less if it is nested deeper than `depth`. */
function membersIn(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (depth === 0) return Number.NEGATIVE_INFINITY
  let members = 0
  if (Array.isArray(value)) for (const item of value) members += membersIn(item, depth - 1)
  else
    for (const name in value) {
      members++
      members += membersIn((value as { [name: string]: unknown })[name], depth - 1)
    }
  return members
}

function checkedJson(text: string, what: string): unknown {
  const { depth, members } = shapeOf(text)
  if (depth > mostDepth)
    throw new Refusal('invalid-request', [{ code: 'too-deep', pointer: '', message: `${what} is nested deeper than ${mostDepth}.` }])
  const value = parsed(text, what)
  const walk = { members: 0, faults: [] as Fault[] }
  visit(value, '', walk)
  if (walk.faults.length > 0) throw new Refusal('invalid-request', walk.faults)
  if (walk.members !== members)
    throw new Refusal('invalid-request', [
      { code: 'field-twice', pointer: '', message: 'A field is given twice in one object; give each once.' },
    ])
  return value
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // The rest of the parser's message quotes the text, which may hold personal data.
    const position = / at position (\d+)/.exec((error as Error).message)?.[1]
    throw new Refusal('malformed-json', `${what} is not JSON${position === undefined ? '' : `: see character ${Number(position) + 1}`}.`)
  }
}

/** Depth of the brackets and number of members, by the text alone: outside of strings, each member has one colon. */
function shapeOf(text: string): { depth: number; members: number } {
  let [depth, now, members] = [0, 0, 0]
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++
    } else if (c === '{' || c === '[') depth = Math.max(depth, ++now)
    else if (c === '}' || c === ']') now--
    else if (c === ':') members++
  }
  return { depth, members }
}

function visit(value: unknown, pointer: string, walk: { members: number; faults: Fault[] }): void {
  if (typeof value === 'string') checkText(value, pointer, walk.faults)
  else if (Array.isArray(value)) for (const [i, item] of value.entries()) visit(item, at(pointer, i), walk)
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) {
      walk.members++
      if (name === '__proto__') walk.faults.push({ code: 'unknown-field', pointer: at(pointer, name), message: 'unknown field; remove it' })
      else checkText(name, pointer, walk.faults)
      visit(member, at(pointer, name), walk)
    }
}

function checkText(text: string, pointer: string, faults: Fault[]): void {
  if (text.includes('\0') || !text.isWellFormed())
    faults.push({
      code: 'wrong-text',
      pointer: pointer.isWellFormed() ? pointer : '',
      message: 'A text here has a character that cannot be kept: NUL, or half a surrogate pair.',
    })
}
