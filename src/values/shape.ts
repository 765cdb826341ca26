import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { nearest } from './nearest.ts'
import { at, type Fault } from './refusal.ts'
import { latinBrackets, latinDigits } from './yaml-remedies.ts'

/**
 * Compiles a JSON Schema (draft 2020-12) into a check of a document's shape that gives every fault with its pointer and remedy.
 * Unknown fields are faults wherever the schema says `additionalProperties: false`. Of a failed `oneOf` only the choice itself is told, and of a misspelt
 * field not that it is missing as well.
 * With `coerceTypes` a text that is a number is taken for one, in the value itself: for what comes from a URL, where all is text.
 */
export function shapeCheck(schema: object, { coerceTypes = false }: { coerceTypes?: boolean } = {}): (value: unknown) => Fault[] {
  const validate = checkerOf(coerceTypes).compile(schema)
  return value => {
    if (validate(value)) return []
    const errors = (validate.errors ?? []).filter(error => !isWithinChoice(error))
    const pointersOf = (error: ErrorObject, names: string[]) => names.map(name => at(error.instancePath, name))
    const misspelt = new Set(errors.flatMap(error => pointersOf(error, [fieldMeant(error) ?? []].flat())))
    return errors.filter(error => !pointersOf(error, fieldsWanted(error)).some(pointer => misspelt.has(pointer))).map(faultOf)
  }
}

/** A branch of `oneOf`, or of an `anyOf` whose branches ask for a field each. */
function isWithinChoice({ keyword, schemaPath, parentSchema }: ErrorObject): boolean {
  const isField = keyword === 'required' && Object.keys(parentSchema ?? {}).length === 1
  return schemaPath.includes('/oneOf/') || (isField && /\/anyOf\/\d+\/required$/.test(schemaPath))
}

/** The fields of which a part lacks one. */
function fieldsWanted({ keyword, params, schema }: ErrorObject): string[] {
  if (keyword === 'required') return [params.missingProperty]
  const isLacking = keyword === 'anyOf' || (keyword === 'oneOf' && !params.passingSchemas)
  return isLacking ? fieldsOf(schema) : []
}

/** The fields that the branches of a choice ask for. */
function fieldsOf(branches: unknown): string[] {
  return (branches as { required?: string[] }[]).flatMap(({ required = [] }) => required)
}

/** The known field that an unknown one was probably meant to be. */
function fieldMeant(error: ErrorObject): string | undefined {
  const unknown = error.params.additionalProperty ?? error.params.unevaluatedProperty
  return typeof unknown === 'string' ? nearest(unknown, knownFields(error)) : undefined
}

function knownFields({ parentSchema }: ErrorObject): string[] {
  return Object.keys((parentSchema as { properties?: object } | undefined)?.properties ?? {})
}

/** One of each for all schemas: each compiles the schema of schemas anew, which takes about 20 ms. */
const checkers = new Map<boolean, Ajv2020>()

function checkerOf(coerceTypes: boolean): Ajv2020 {
  const made = checkers.get(coerceTypes) ?? new Ajv2020({ allErrors: true, strict: false, verbose: true, coerceTypes })
  checkers.set(coerceTypes, made)
  return made
}

function faultOf(error: ErrorObject): Fault {
  const pointer = error.instancePath
  const fault = (code: string, message: string, where = pointer): Fault => ({ code, pointer: where, message })
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = String(error.params.additionalProperty ?? error.params.unevaluatedProperty)
      const patterns = Object.keys((error.parentSchema as { patternProperties?: object } | undefined)?.patternProperties ?? {})
      if (patterns.length > 0)
        return fault('wrong-form', `the name "${name}" cannot be used here; ${nameForm(patterns)}`, at(pointer, name))
      const known = knownFields(error)
      const near = fieldMeant(error)
      const remedy = near ? `did you mean "${near}"?` : known.length > 0 ? `known here: ${known.join(', ')}` : 'remove it'
      return fault('unknown-field', `unknown field "${name}"; ${remedy}`, at(pointer, name))
    }
    case 'required': {
      const missing = String(error.params.missingProperty)
      return languages.includes(missing)
        ? fault('missing-translation', `"${missing}" is missing: citizens read this in zh-CN and en; write both`)
        : fault('missing-field', `"${missing}" is missing`)
    }
    case 'oneOf':
      return fault('wrong-choice', `give exactly one of: ${fieldsOf(error.schema).join(', ')}`)
    case 'anyOf': {
      const fields = fieldsOf(error.schema)
      return fault('wrong-choice', fields.length > 0 ? `give ${fields.join(' or ')}` : 'has none of the forms that are possible here')
    }
    case 'not': {
      const fields = (error.schema as { required?: string[] }).required ?? []
      return fault(
        'wrong-choice',
        fields.length > 0 ? `${fields.join(' and ')} cannot both stand here: take one of them out` : 'has a form that is not possible here',
      )
    }
    case 'type': {
      const { description, properties = {} } = (error.parentSchema ?? {}) as { description?: string; properties?: object }
      if (languages.every(language => Object.hasOwn(properties, language)))
        return fault('wrong-type', `write both languages: {${languages.map(language => `${language}: …`).join(', ')}}`)
      const types = [error.params.type].flat().map(typeName).join(' or ')
      return fault('wrong-type', `must be ${types}${description ? `: ${description}` : ''}${remedied(latinBrackets(error.data))}`)
    }
    case 'enum':
      return fault('unknown-value', `must be one of: ${(error.params.allowedValues as unknown[]).join(', ')}`)
    case 'const':
      return fault('unknown-value', `must be ${JSON.stringify(error.params.allowedValue)}`)
    case 'pattern': {
      const description = (error.parentSchema as { description?: string } | undefined)?.description
      const form = description ? `must be ${description}` : `must match ${error.params.pattern}`
      return fault('wrong-form', `${form}${remedied(latinDigits(error.data))}`)
    }
    case 'propertyNames':
      return fault('wrong-form', `the name "${error.params.propertyName}" cannot be used here`)
    default:
      return fault('wrong-form', limitWords[error.keyword]?.(error.params.limit) ?? error.message ?? 'has the wrong form')
  }
}

const remedied = (remedy: string | undefined) => (remedy === undefined ? '' : `; ${remedy}`)

/** Texts that citizens read have a field for each. */
const languages = ['zh-CN', 'en']

/** What names of a map must look like. */
function nameForm(patterns: readonly string[]): string {
  return patterns.every(pattern => pattern.startsWith('^[a-z][A-Za-z0-9_-]'))
    ? 'begin with a small letter, then letters, digits, _ or -, in all 60 at most'
    : `names match ${patterns.join(' or ')}`
}

const some = (count: number, one: string, more: string) => `${count} ${count === 1 ? one : more}`

/** What a limit of the schema asks for. */
const limitWords: { [keyword: string]: (limit: number) => string } = {
  minLength: limit => (limit === 1 ? 'must not be empty' : `must have ${limit} characters or more`),
  maxLength: limit => `must have at most ${some(limit, 'character', 'characters')}`,
  minItems: limit => (limit === 1 ? 'must not be empty: give one or more' : `must have ${limit} or more in the list`),
  maxItems: limit => `must have at most ${limit} in the list`,
  minProperties: limit => (limit === 1 ? 'must not be empty: give one or more' : `must have ${limit} names or more`),
  maxProperties: limit => `must have at most ${some(limit, 'name', 'names')}`,
  minimum: limit => `must be ${limit} or more`,
  maximum: limit => `must be ${limit} or less`,
  exclusiveMinimum: limit => `must be more than ${limit}`,
  exclusiveMaximum: limit => `must be less than ${limit}`,
  uniqueItems: () => 'has the same twice: give each once',
}

function typeName(type: string): string {
  return (
    { string: 'a text', object: 'a map of names', array: 'a list', number: 'a number', boolean: 'true or false' }[type] ?? `of type ${type}`
  )
}
