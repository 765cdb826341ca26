import { schemeSchema } from '../../../src/scoring/scheme/document-schema.ts'
import type { Tree } from '../../../src/values/document.ts'
import type { Map_ } from './pool.ts'

/*
 * Which fields and words of the language a scheme uses, by the very schema that is published: `/measures/…/months/single=last`,
 * `node/rate/count=begun`, `where:map/not:list`.
 */

type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: string[]
  properties?: { [name: string]: Schema }
  patternProperties?: { [name: string]: Schema }
  items?: Schema
  $defs?: { [name: string]: Schema }
}

const root = schemeSchema as unknown as Schema
const definitions = root.$defs as { [name: string]: Schema }
/** What is no rule. */
const silent = ['$schema', 'sources', 'title', 'source', 'assumption']
/** Parts that mean the same wherever they stand. */
const shared = ['where', 'window']

/** Every way that the schema allows. */
export const everyWay: readonly string[] = [
  ...new Set([...waysOf(root, ''), ...Object.entries(definitions).flatMap(([name, schema]) => waysOf(schema, name))]),
]

/** The ways that a whole scheme uses. */
export function waysIn(scheme: Map_): Set<string> {
  return new Set(waysOf(root, '', scheme))
}

/** The ways that one measure of it uses, by its name. */
export function waysOfMeasures(scheme: Map_): Map<string, Set<string>> {
  const { measures } = scheme as { measures: Map_ }
  const schema = (root.properties as { measures: Schema }).measures
  return new Map(Object.entries(measures).map(([name, source]) => [name, new Set(waysOf(schema, '/measures', { [name]: source }))]))
}

/** The ways of a part of the schema; where a source is given, those that it uses. */
function waysOf(schema: Schema, at: string, source?: Tree): string[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice('#/$defs/'.length)
    return source === undefined ? [] : waysOf(definitions[name] as Schema, name, source)
  }
  if (schema.enum) return source === undefined ? schema.enum.map(word => `${at}=${word}`) : [`${at}=${source}`]
  const forms = formsOf(schema)
  const own = forms.length > 1 ? (source === undefined ? forms : [formOf(source)]).map(form => `${at}:${form}`) : []
  return [...own, ...inside(schema, at, source)]
}

function inside({ properties = {}, patternProperties = {}, items }: Schema, at: string, source?: Tree): string[] {
  const isList = Array.isArray(source)
  const listed =
    items === undefined ? [] : source === undefined ? waysOf(items, at) : isList ? source.flatMap(one => waysOf(items, at, one)) : []
  const [pattern] = Object.values(patternProperties)
  const isMap = typeof source === 'object' && !isList
  const anyName = !pattern
    ? []
    : source === undefined
      ? waysOf(pattern, `${at}/*`)
      : isMap
        ? Object.values(source).flatMap(value => waysOf(pattern, `${at}/*`, value))
        : []
  const named = Object.entries(properties).flatMap(([name, schema]) => {
    const value = isMap ? source[name] : undefined
    if (silent.includes(name) || (source !== undefined && value === undefined)) return []
    return [`${at}/${name}`, ...waysOf(schema, shared.includes(name) ? name : `${at}/${name}`, value)]
  })
  return [...listed, ...anyName, ...named]
}

/** A text, a list or a map, where the schema allows more than one of them. */
function formsOf({ type }: Schema): string[] {
  return [...new Set([type ?? []].flat().map(one => ({ array: 'list', object: 'map' })[one] ?? 'text'))]
}

function formOf(source: Tree): string {
  return typeof source === 'string' ? 'text' : Array.isArray(source) ? 'list' : 'map'
}
