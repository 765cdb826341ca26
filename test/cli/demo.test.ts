import t from 'tap'
import { displayWidth } from '../../src/cli/view/width.ts'
import { home, points, start } from './processes.ts'

t.test('the demo, twice, whatever DATABASE_URL is; then asked as it says', async t => {
  const SETTLEMENT_HOME = await home(t)
  const env = { SETTLEMENT_HOME, DATABASE_URL: 'mysql://nowhere', SETTLEMENT_KEYS: 'none', PORT: '18080' }
  const demo = () => points(['demo', '--applicants', '1200'], env)
  const first = await demo()
  const { code, out, err } = await demo()
  t.equal(code, 0, err)
  t.equal(digest(out), digest(first.out), 'an earlier demo is thrown away, and the list is the same')
  t.match(err, /verify the run: 1,200 .*\nverify before the notice: 1,200 .*\nverify before the final list: 1,200 /)
  t.match(out, /1,200 applied, .* 1,000 places/)
  t.same(
    out.split('\n').filter(line => displayWidth(line) > 80 && !/^ {2}(http|curl)/.test(line)),
    [],
    'nothing else is wider than 80 columns',
  )

  const service = start(['serve'], { SETTLEMENT_HOME, PORT: '0' })
  t.teardown(() => service.child.kill('SIGKILL'))
  const [, url] = await service.says(/listening on (http:\S+);/)
  const [, address, authorization, body] = /curl -s (\S+) -H 'authorization: (.*?)' .* -d '(.*)'/.exec(out) as unknown as string[]
  t.equal(address, 'http://127.0.0.1:18080/v1/score-queries')
  const answer = await fetch(`${url}/v1/score-queries`, {
    method: 'POST',
    headers: { authorization: authorization as string, 'content-type': 'application/json' },
    body: body as string,
  })
  t.match([answer.status, await answer.json()], [200, { round: 'model-2017', admitted: true }])
  service.child.kill('SIGTERM')
  await service.ended
})

const digest = (out: string) => /List (sha256:\w+)/.exec(out)?.[1]

t.test('the demo never throws away an office that somebody entered', async t => {
  const SETTLEMENT_HOME = await home(t)
  const named = ['--name-zh', '某区办公室', '--name-en', 'An office']
  const added = await points(['client', 'add', 'portal', '--authority', 'an-office', '--scopes', 'scores:query', ...named], {
    SETTLEMENT_HOME,
  })
  t.match(added, { code: 0, out: /^sp_/ })
  const { code, out, err } = await points(['demo', '--applicants', '10'], { SETTLEMENT_HOME })
  t.same({ code, out }, { code: 2, out: '' })
  t.match(err, /an office in it that no demo made: an-office\. .*SETTLEMENT_HOME=another-folder/)
  t.match(await points(['client', 'revoke', 'portal'], { SETTLEMENT_HOME }), { code: 0 }, 'the client is there')
})
