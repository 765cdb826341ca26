import type { YAMLError } from 'yaml'

const quote = 'a text with ": " in it must stand in quotes'
const outOfLine = 'this line begins at another column than the lines around it'
const chineseComma = 'a Chinese comma (，) does not part fields: write "," and a blank, or put the text in quotes'
const chineseColon = 'a Chinese colon (：) parts no name from its value: write ":" and a blank'

/** What to do about a list between Chinese brackets, which YAML takes for a text. */
export function latinBrackets(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  if (/^[【［]|[】］]$/.test(value)) return 'write Latin brackets [ ]'
  return /^｛|｝$/.test(value) ? 'write Latin braces { }' : undefined
}

/** What to do about a figure in full-width digits. */
export function latinDigits(value: unknown): string | undefined {
  return typeof value === 'string' && /[０-９]/.test(value) ? 'write Latin digits' : undefined
}

/** What to do about an error of the YAML parser: the commonest in plain words, the others as it tells them. */
export function yamlRemedy({ code, pos: [start, end], message }: Pick<YAMLError, 'code' | 'pos' | 'message'>, text: string): string {
  const line = lineAt(text, start)
  const chineseBrackets = latinBrackets(/(?:: |- )(｛|[【［](?=\s*[{｛]))/.exec(line)?.[1])
  const isAtLineStart = text.slice(text.lastIndexOf('\n', start - 1) + 1, start).trim() === ''
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab stands before the text: indent with blanks'
    case 'BLOCK_IN_FLOW':
      if (chineseBrackets) return chineseBrackets
      return text.slice(start, end).includes('，') ? chineseComma : quote
    case 'BLOCK_AS_IMPLICIT_KEY':
      if (isAtLineStart) return outOfLine
      if (chineseBrackets) return chineseBrackets
      // Without a second colon it is the next line that stands too deep.
      return /: .*: |: .*:$/.test(line.trim())
        ? quote
        : 'the line below stands deeper, but this one has its value already: correct the indentation'
    case 'MULTILINE_IMPLICIT_KEY':
      return line.includes('：') ? chineseColon : 'a name needs a colon and a blank before its value'
    case 'BAD_INDENT': {
      const closing = /end with a ([}\]])/.exec(message)?.[1]
      if (!closing) return outOfLine
      const last = text.slice(0, start).trimEnd().at(-1) ?? ''
      const isChinese = (closing === ']' ? '】］' : '｝').includes(last)
      return (isChinese && latinBrackets(last)) || `a "${closing}" is missing before this`
    }
    case 'MISSING_CHAR':
      if (/quote/.test(message)) return 'a quotation mark is not closed'
      return /without - indicator/.test(message) ? outOfLine : message
    case 'BAD_SCALAR_START':
      return `a text that begins with ${text[start] ?? 'this'} must stand in quotes`
    case 'BAD_DQ_ESCAPE':
      return 'this \\ means nothing in double quotes: use single quotes'
    case 'UNEXPECTED_TOKEN':
      if (!/at node end/.test(message)) return message
      return isAtLineStart ? outOfLine : 'something stands after the end of the value: put the whole text in quotes'
    case 'TAG_RESOLVE_FAILED':
      return 'a text that begins with ! must stand in quotes; tags are not used here'
    case 'MULTIPLE_DOCS':
      return 'a second document begins here (---): one file holds one'
    default:
      return message
  }
}

/** What to say of a name without a value. What has no name is an entry of a list. */
export function valueMissing(name: string): string {
  if (name === '') return 'a value is missing here'
  const brackets = latinBrackets(name)
  if (brackets) return brackets
  if (name.includes('：')) return chineseColon
  if (name.includes('，')) return chineseComma
  return name.includes(':')
    ? `a value is missing after "${name}": a colon needs a blank before the value`
    : `a value is missing after "${name.slice(0, 40)}"; a text with a comma in it must stand in quotes inside { }`
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const end = text.indexOf('\n', start)
  return text.slice(start, end < 0 ? undefined : end)
}
