import { PersonExists, SecondApplication } from '../round/taken.ts'
import { isUnavailable } from '../store/errors.ts'
import { type Fault, Refusal } from '../values/refusal.ts'
import { isProblemCode, type ProblemCode, problems, problemType } from './problems.ts'
import type { Problem } from './schemas/problem.ts'

/** Errors of Fastify that a request can bring about, and what they mean to the caller. */
const ofFastify: { [code: string]: [ProblemCode, string] } = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported-media-type', 'Send the body as JSON with "Content-Type: application/json".'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['body-too-large', 'The body is larger than this call takes; docs/api.md gives the limits.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid-request', 'The body has not the length that Content-Length says.'],
  FST_ERR_BAD_URL: ['not-found', 'The address cannot be decoded; check its percent-encoding.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not-found', 'A part of the address is too long.'],
  FST_ERR_HANDLER_TIMEOUT: ['internal-error', 'The answer took too long.'],
}

/** Faults that one answer tells at most; who sends more wrong fields than that has one fault to repair first. */
const mostFaults = 100

/** What an error means to the caller; `unexpected` ones are faults of ours, to be logged and not told. */
export function problemOf(error: unknown, { chinese = false }: { chinese?: boolean } = {}): { problem: Problem; unexpected: boolean } {
  const { code, faults } = refusalOf(error)
  return {
    problem: {
      ...problemFrom(code, faults, chinese),
      ...(error instanceof PersonExists ? { person: error.person } : {}),
      ...(error instanceof SecondApplication ? { publicNumber: error.publicNumber } : {}),
    },
    unexpected: problems[code].status === 500,
  }
}

/** The problem that was kept of an error of a job. */
export function keptProblem({ code, faults }: { code: string; faults: Fault[] }, job: string): Problem {
  const told = `the job ${job}; the log has it`
  return isProblemCode(code) ? problemFrom(code, faults, false, told) : problemFrom('internal-error', [], false, told)
}

/** `told`: by what the operator finds a fault of the service in the log. */
function problemFrom(code: ProblemCode, faults: Fault[], chinese: boolean, told = 'the instance'): Problem {
  const kind = problems[code]
  return {
    type: problemType(code),
    title: kind.title[chinese ? 'zh-CN' : 'en'],
    status: kind.status,
    detail: kind.inside ? `This is a fault of the service, not of the request. Tell its operator ${told}.` : detailOf(faults),
    code,
    errors: kind.inside ? [] : faults.slice(0, mostFaults),
  }
}

function refusalOf(error: unknown): { code: ProblemCode; faults: Fault[] } {
  if (error instanceof Refusal) return isProblemCode(error.code) ? { code: error.code, faults: error.faults } : plain('internal-error', '')
  if (isUnavailable(error)) return plain('database-unavailable', 'The database does not answer; try again in a few seconds.')
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown }
  const known = typeof code === 'string' && Object.hasOwn(ofFastify, code) ? ofFastify[code] : undefined
  if (known) return plain(...known)
  if (typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number' && statusCode < 500)
    return plain('invalid-request', 'The request has a wrong form.')
  return plain('internal-error', '')
}

function plain(code: ProblemCode, message: string): { code: ProblemCode; faults: Fault[] } {
  return { code, faults: [{ code, pointer: '', message }] }
}

function detailOf(faults: Fault[]): string {
  const [first] = faults
  if (!first || faults.length > 1)
    return `There are ${faults.length} faults${faults.length > mostFaults ? `; the first ${mostFaults} are` : ''} under "errors".`
  return first.message
}
