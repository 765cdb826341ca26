import type { Socket } from 'node:net'
import { type ProblemCode, problems, problemType } from './problems.ts'

const codes: { [nodeCode: string]: ProblemCode } = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
}

/** Answers what is no HTTP at all, before there is a request. Nothing is logged: the error carries the raw bytes, key and all. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const code = codes[error.code ?? ''] ?? 'invalid-request'
  const { status, title } = problems[code]
  const body = JSON.stringify({ type: problemType(code), title: title.en, status, detail: `${title.en}.`, code, errors: [] })
  const head = [
    `HTTP/1.1 ${status} Error`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
