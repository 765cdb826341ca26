import { type Command, InvalidArgumentError } from 'commander'
import { readConfig } from '../config.ts'
import { enterAuthority, enterClient, isScope, revoke, type Scope, scopes } from '../round/clients.ts'
import { Refusal } from '../values/refusal.ts'
import { theAuthority } from './authority.ts'
import { withOffice } from './open-office.ts'

/** `points client`: who may call the API. */
export function clientCommand(program: Command): void {
  const client = program
    .command('client')
    .summary('say who may call the API')
    .description('Works on the clients of the API.')
    .helpCommand(false)
  client
    .command('add')
    .argument('<name>', 'a short name of the client')
    .summary('add a client and print its key')
    .description(`Adds a client of an office and prints its key, this once. Scopes: ${scopes.join(', ')}.`)
    .requiredOption('--authority <name>', 'the office for which the client acts; a new one is entered when its two names are given')
    .requiredOption('--scopes <list>', 'what it may do, with commas', readScopes)
    .option('--name-zh <text>', 'name of a new office in Chinese (with --name-en)')
    .option('--name-en <text>', 'name of a new office in English (with --name-zh)')
    .action(add)
  client
    .command('revoke')
    .argument('<name>', 'the name of the client')
    .summary('take a key back')
    .description('Takes the key of a client back. It cannot be given again.')
    .option('--authority <name>', 'the office of the client (needed where there is more than one)')
    .action(takeBack)
}

async function add(
  client: string,
  { authority, scopes: granted, nameZh, nameEn }: { authority: string; scopes: Scope[]; nameZh?: string; nameEn?: string },
): Promise<void> {
  await withOffice(readConfig(), async office => {
    if (nameZh !== undefined || nameEn !== undefined) {
      if (!nameZh || !nameEn) throw new Refusal('wrong-usage', 'Give the name of the office in both languages: --name-zh and --name-en.')
      await enterAuthority(office, authority, { 'zh-CN': nameZh, en: nameEn })
    } else await theAuthority(office, authority)
    process.stdout.write(`${await enterClient(office, { authority, client }, granted)}\n`)
    process.stderr.write('This is the only time that the key is shown.\n')
  })
}

async function takeBack(client: string, { authority: named }: { authority?: string }): Promise<void> {
  await withOffice(readConfig(), async office => {
    const authority = await theAuthority(office, named)
    if (!(await revoke(office, { authority, client })))
      throw new Refusal('unknown-client', `${authority} has no client ${client} with a key.`)
  })
}

function readScopes(text: string): Scope[] {
  const words = text.split(',').map(word => word.trim())
  const wrong = words.find(word => !isScope(word))
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is no scope. There are: ${scopes.join(', ')}.`)
  return words as Scope[]
}
