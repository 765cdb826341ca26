// Run as a child under several time zones: prints how each column type arrives.
import { connect } from '../../src/store/connect.ts'

const store = connect(process.argv[2] as string)
const { rows } = await store.pool.query(`
  select date '2024-02-29' as day, date '1970-01-01' as epoch, 9007199254740991::int8 as largest, (-9007199254740991)::int8 as smallest,
    1234567890123456789012.50::numeric as figure, timestamptz '2024-02-29 23:59:59.123456+08' as instant,
    '{1,NULL,-3}'::int8[] as items, '{}'::int8[] as none, null::int8 as nothing`)
const refused = await store.pool.query('select 9007199254740992::int8').then(
  () => 'taken',
  error => error.name,
)
await store.close()
console.log(JSON.stringify({ ...rows[0], refused }))
