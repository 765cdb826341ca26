import type { Command } from 'commander'
import { migrationsFolder, readConfig } from '../config.ts'
import { connect } from '../store/connect.ts'
import { migrate } from '../store/migrate.ts'
import { withOffice } from './open-office.ts'
import { databaseMistake } from './operator-mistakes.ts'

/** `points migrate`: brings the database up to date. */
export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .summary('bring the database up to date')
    .description('Applies the migrations that the database lacks. The embedded server does so by itself at each start.')
    .action(async () => {
      const config = readConfig()
      if (config.databaseUrl === undefined) {
        await withOffice(config, async () => {})
        process.stdout.write('the embedded database is up to date\n')
        return
      }
      const store = connect(config.databaseUrl)
      try {
        const applied = await migrate(store.pool, migrationsFolder)
        process.stdout.write(applied.length === 0 ? 'the database is up to date\n' : `applied ${applied.join(', ')}\n`)
      } catch (error) {
        throw databaseMistake(error, config.databaseUrl) ?? error
      } finally {
        await store.close()
      }
    })
}
