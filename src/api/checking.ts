import type { FastifySchemaCompiler } from 'fastify'
import { Refusal } from '../values/refusal.ts'
import { shapeCheck } from '../values/shape.ts'

type Check = (value: unknown) => { value: unknown } | { error: Refusal }

const compiled = new WeakMap<object, Check>()

/**
 * Checks a part of a request against its schema and tells every fault with its pointer. Nothing is dropped or filled in. A body is taken as it is;
 * in the path and the query, where everything is text, a number may be written as text.
 */
export const checkRequest: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  const known = compiled.get(schema)
  if (known) return known
  const faultsOf = shapeCheck(schema, { coerceTypes: httpPart !== 'body' })
  const where = httpPart === 'querystring' ? { in: 'query' } : httpPart === 'params' ? { in: 'path' } : {}
  const check: Check = value => {
    const faults = faultsOf(value)
    if (faults.length === 0) return { value }
    return {
      error: new Refusal(
        'invalid-request',
        faults.map(fault => ({ ...fault, ...where })),
      ),
    }
  }
  compiled.set(schema, check)
  return check
}
