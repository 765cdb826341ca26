import { isUnavailable, sqlState } from '../store/errors.ts'
import { Refusal } from '../values/refusal.ts'

/* What goes wrong around the program, by the one who runs it, in one sentence with its remedy. Undefined: no such mistake. No secret is quoted. */

/** Of the database that DATABASE_URL, or another variable, names. */
export function databaseMistake(error: unknown, databaseUrl: string, variable = 'DATABASE_URL'): Refusal | undefined {
  if (!(error instanceof Error) || error instanceof Refusal) return undefined
  const { server, database, user } = partsOf(databaseUrl)
  const refuse = (message: string) => new Refusal('database-out-of-reach', `${variable}: ${message}`)
  switch (sqlState(error)) {
    case 'ECONNREFUSED':
      return refuse(`nothing answers at ${server}; start PostgreSQL there, or correct host and port.`)
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return refuse(`the host of ${server} is not known; correct it.`)
    case 'ERR_INVALID_URL':
      return refuse('it is no URL; write special characters of the password by their code, such as %23 for #.')
    case '28P01':
    case '28000':
      return refuse(`${server} does not let user "${user}" in; correct user and password.`)
    case '3D000':
      return refuse(`${server} has no database "${database}"; create it (createdb ${database}), or correct the name.`)
    case '42501':
      return refuse(`user "${user}" may not do this in the database "${database}"; make this user its owner.`)
    case '42P01':
      return refuse(`the database "${database}" is not up to date; run: npm run -s points -- migrate`)
    case '53300':
      return refuse(`${server} has no connection left; raise its max_connections, or end other programs.`)
  }
  if (/^SASL:.*password/.test(error.message)) return refuse(`${server} wants a password; add it.`)
  if (/does not support SSL/.test(error.message)) return refuse(`${server} has no TLS; leave sslmode out.`)
  if (/^timeout exceeded when trying to connect|^Connection terminated due to connection timeout/.test(error.message))
    return refuse(`${server} does not answer in time; correct host and port, or look at the network between.`)
  if (isUnavailable(error))
    return refuse(
      `${server} cannot be reached, or the connection broke off (${sqlState(error) ?? 'closed'}); what was finished is kept, try again.`,
    )
  return undefined
}

/** Of the folder that SETTLEMENT_HOME names. */
export function homeMistake(error: unknown, home: string): Refusal | undefined {
  const why = { ENOTDIR: 'a file stands in the way', EEXIST: 'a file stands in the way', ENOSPC: 'the disk is full', EROFS: 'read-only' }
  const code = sqlState(error) ?? ''
  if (!/^(ENOTDIR|EEXIST|ENOSPC|EDQUOT|EROFS|EACCES|EPERM|ENOENT|ELOOP|ENAMETOOLONG)$/.test(code)) return undefined
  return new Refusal(
    'home-unusable',
    `SETTLEMENT_HOME: ${home} is no folder that can be made or written (${why[code as keyof typeof why] ?? code}); set it to another folder.`,
  )
}

/** Of the address that HOST and PORT name. */
export function addressMistake(error: unknown, { host, port }: { host: string; port: number }): Refusal | undefined {
  const refuse = (message: string) => new Refusal('address-unusable', message)
  switch (sqlState(error)) {
    case 'EADDRINUSE':
      return refuse(`Port ${port} is in use by another program; set PORT to another one (0 takes any that is free).`)
    case 'EACCES':
      return refuse(`This user may not listen on port ${port}; set PORT to one from 1024 on.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return refuse(`HOST "${host}" is no address of this machine; set it to one, such as 127.0.0.1, or 0.0.0.0 for all.`)
  }
  return undefined
}

function partsOf(databaseUrl: string): { server: string; database: string; user: string } {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined
  const server = url?.hostname ? `${url.hostname}:${url.port || 5432}` : 'the server'
  return { server, database: decoded(url?.pathname.slice(1)) || 'postgres', user: decoded(url?.username) || 'postgres' }
}

function decoded(text = ''): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
