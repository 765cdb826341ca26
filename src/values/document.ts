import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { at, Refusal } from './refusal.ts'
import { valueMissing, yamlRemedy } from './yaml-remedies.ts'

/** What a rule document is made of once read: every scalar is text, so that no figure passes through a float. */
export type Tree = string | Tree[] | { [name: string]: Tree }

/** Parts within parts; a reader that goes on forever runs out of stack. */
const mostNested = 64
const nestedTooDeep = `nested deeper than ${mostNested}; no rule needs that`

/** A rule document (YAML) as read: its content, and where in the text each part stands. */
export type RuleDocument = {
  tree: Tree
  /** Line and column (from 1) of the part a JSON pointer names, or of the nearest part above it. */
  placeOf(pointer: string): { line: number; column: number }
}

/**
 * Reads a YAML text in which every scalar is text ("0.50" stays "0.50", `true` stays "true").
 * @param begin how such a document begins, for whoever gives an empty one
 * @throws Refusal `unreadable-document` with line and column, of the first fault alone: broken YAML, a name given twice, an alias, an empty value, a tag.
 */
export function readDocument(text: string, begin = 'scheme: <name>'): RuleDocument {
  const lines = new LineCounter()
  // The parser's own check for names given twice compares each with each: 20,000 names took 11 s. It is done below.
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false, uniqueKeys: false })
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  // After the first error the parser guesses, and what it tells then misleads.
  const first = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])[0]
  if (first) {
    // Where the parser runs out of stack depends on who called it; the document as a whole is at fault.
    const tooDeep = /call stack/.test(first.message)
    const { line, column } = place(tooDeep ? 0 : first.pos[0])
    throw new Refusal('unreadable-document', `line ${line}, column ${column}: ${tooDeep ? nestedTooDeep : yamlRemedy(first, text)}`)
  }

  if (isEmpty(document.contents)) throw new Refusal('unreadable-document', `line 1, column 1: the document is empty; begin with: ${begin}`)

  const places = new Map<string, number>()
  let depth = 0
  const visit = (node: Node | null | undefined, pointer: string, offset: number, name = ''): Tree => {
    depth++
    try {
      return read(node, pointer, offset, name)
    } finally {
      depth--
    }
  }
  const read = (node: Node | null | undefined, pointer: string, offset: number, name: string): Tree => {
    places.set(pointer, node?.range?.[0] ?? offset)
    const refuse = (message: string, at = node?.range?.[0] ?? offset): never => {
      const { line, column } = place(at)
      throw new Refusal('unreadable-document', [
        { code: 'unreadable-document', pointer, message: `line ${line}, column ${column}: ${message}` },
      ])
    }
    if (depth > mostNested) return refuse(nestedTooDeep)
    if (node && 'tag' in node && node.tag !== undefined)
      return refuse('a tag (!…) is not used here; a text that begins with ! stands in quotes')
    if (isMap(node)) {
      const map: { [name: string]: Tree } = {}
      for (const { key, value } of node.items) {
        if (!isScalar(key) || typeof key.value !== 'string') return refuse('a name must be plain text', (key as Node | null)?.range?.[0])
        if (key.value === '__proto__') return refuse('this name cannot be used', key.range?.[0])
        if (Object.hasOwn(map, key.value)) return refuse(`the name "${key.value}" is given twice`, key.range?.[0])
        map[key.value] = visit(value as Node | null, at(pointer, key.value), key.range?.[0] ?? offset, key.value)
      }
      return map
    }
    if (isSeq(node)) return node.items.map((item, i) => visit(item as Node | null, at(pointer, i), node.range?.[0] ?? offset))
    if (isAlias(node)) return refuse('an alias (*name) is not used here: write the value out')
    if (!isScalar(node) || typeof node.value !== 'string') return refuse(valueMissing(name))
    if (node.value === '' && node.type === 'PLAIN') return refuse(valueMissing(name))
    if (!node.value.isWellFormed()) return refuse('half of a surrogate pair is no text')
    return node.value
  }
  const tree = visit(document.contents as Node | null, '', 0)

  return {
    tree,
    placeOf(pointer) {
      let p = pointer
      while (p !== '' && !places.has(p)) p = p.slice(0, p.lastIndexOf('/'))
      return place(places.get(p) ?? 0)
    },
  }
}

/** Nothing but blanks, remarks and the line that begins a document. */
function isEmpty(contents: unknown): boolean {
  return contents === null || (isScalar(contents) && contents.value === '' && contents.type === 'PLAIN')
}

/** Line and column that an error of this reader tells in its message, and the message without them. */
export function placeIn(text: string): { line: number; column: number; message: string } {
  const [, line = '1', column = '1', message = text] = /^line (\d+), column (\d+): ([\s\S]*)$/.exec(text) ?? []
  return { line: Number(line), column: Number(column), message }
}
