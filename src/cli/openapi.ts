import type { Command } from 'commander'
import { buildApp } from '../api/app.ts'
import { openapiText } from '../api/openapi.ts'
import type { Office } from '../round/office.ts'
import { vocabularies } from './vocabularies.ts'

/** `points openapi`: the API's document. */
export function openapiCommand(program: Command): void {
  program
    .command('openapi')
    .summary('print the OpenAPI document')
    .description('Prints the OpenAPI 3.1 document of the API, as it is checked in under openapi/.')
    .action(async () => {
      const app = buildApp({ office: describedOnly() })
      await app.ready()
      process.stdout.write(openapiText(app))
    })
}

/** An office that is never asked for anything: the document comes from the routes alone. */
function describedOnly(): Office {
  const { of, newest } = vocabularies()
  return { jobs: {}, vocabularyOf: of, vocabulary: newest } as Office
}
