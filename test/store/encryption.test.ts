import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { blindIndex, decrypt, encrypt, formatKeys, generateKeys, type Keys, parseKeys } from '../../src/store/encryption.ts'
import { keysFromFile } from '../../src/store/key-file.ts'
import type { Refusal } from '../../src/values/refusal.ts'

const keys = generateKeys(randomBytes)
const place = { authority: 'haidian', row: 7, column: 'name' }

t.test('an encrypted value opens in its place and nowhere else', async t => {
  for (const text of ['', '张三', '欧阳𠮷', 'x'.repeat(5000)]) t.equal(decrypt(keys, encrypt(keys, text, place, randomBytes), place), text)
  const encrypted = encrypt(keys, '张三', place, randomBytes)
  t.notSame(encrypt(keys, '张三', place, randomBytes), encrypted, 'the same text is never encrypted alike')
  for (const other of [
    { ...place, row: 8 },
    { ...place, column: 'citizen_number' },
    { ...place, authority: 'xicheng' },
  ])
    t.throws(() => decrypt(keys, encrypted, other), { name: 'Refusal', code: 'encrypted-value-damaged' })
})

t.test('every byte is guarded', async t => {
  const encrypted = encrypt(keys, '张三', place, randomBytes)
  for (let i = 0; i < encrypted.length; i++) {
    const tampered = Buffer.from(encrypted)
    tampered[i] = (tampered[i] as number) ^ 1
    t.throws(() => decrypt(keys, tampered, place), { name: 'Refusal' }, `byte ${i} of ${encrypted.length}`)
  }
  for (let length = 0; length < encrypted.length; length++)
    t.throws(() => decrypt(keys, encrypted.subarray(0, length), place), { name: 'Refusal' }, `cut to ${length}`)
})

t.test('keys rotate', async t => {
  const old = encrypt(keys, '张三', place, randomBytes)
  const rotated: Keys = { ...keys, current: 'k2', encryption: { ...keys.encryption, k2: randomBytes(32) } }
  t.equal(decrypt(rotated, old, place), '张三')
  const fresh = encrypt(rotated, '张三', place, randomBytes)
  t.equal(decrypt(rotated, fresh, place), '张三')
  t.throws(() => decrypt(keys, fresh, place), { code: 'encryption-key-missing' })
  t.throws(() => decrypt(generateKeys(randomBytes), old, place), { code: 'encrypted-value-damaged' }, 'another key of the same id')

  // The ciphertext names its key; renamed to another key that is known, it does not open either.
  const twins: Keys = { ...keys, current: 'k3', encryption: { ...keys.encryption, k3: keys.encryption.k1 as Buffer } }
  const renamed = Buffer.from(old)
  renamed.write('k3', 2, 'latin1')
  t.throws(() => decrypt(twins, renamed, place), { code: 'encrypted-value-damaged' })
})

t.test('the blind index is the same for the same number and key', async t => {
  t.equal(blindIndex(keys, '11010519491231002X').length, 32)
  t.same(blindIndex(keys, '11010519491231002X'), blindIndex({ ...keys, current: 'k9' }, '11010519491231002X'))
  t.notSame(blindIndex(keys, '11010519491231002X'), blindIndex(keys, '110105194912310021'))
  t.notSame(blindIndex(keys, '11010519491231002X'), blindIndex(generateKeys(randomBytes), '11010519491231002X'))
  const fixed = { ...keys, index: Buffer.alloc(32) }
  t.equal(blindIndex(fixed, '').toString('hex'), 'b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad', 'HMAC-SHA-256')
})

t.test('keys are read from text, and a fault in it never quotes it', async t => {
  const two: Keys = { ...keys, current: 'k2', encryption: { ...keys.encryption, k2: randomBytes(32) } }
  t.same(parseKeys(formatKeys(two)), two)
  t.same(parseKeys(` ${formatKeys(two)}\n`).current, 'k2')
  const secret = randomBytes(32).toString('base64')
  for (const text of [
    '',
    secret,
    `k1:${secret}`,
    `k1:${secret};index:`,
    `k1:${secret};index:${secret.slice(4)}`,
    `k1:${secret};index:${secret};`,
    `k1:${secret},k1:${secret};index:${secret}`,
    `K 1:${secret};index:${secret}`,
    `k1:!${secret};index:${secret}`,
    `:${secret};index:${secret}`,
    `k1:${secret};k2:${secret}`,
  ])
    try {
      parseKeys(text)
      t.fail('taken')
    } catch (error) {
      t.match(error, { name: 'Refusal', code: 'invalid-keys' })
      t.notOk((error as Refusal).message.includes(secret.slice(4, 20)))
    }
})

t.test('the key file is made once and is for its owner alone', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'keys '))
  t.teardown(() => rm(folder, { recursive: true }))
  const path = join(folder, 'new', 'keys')
  const made = await Promise.all(Array.from({ length: 8 }, () => keysFromFile(path, randomBytes)))
  for (const other of made) t.same(other, made[0])
  t.same(await keysFromFile(path, randomBytes), made[0])
  t.equal((await stat(path)).mode & 0o777, 0o600)
  t.same(await readdir(join(folder, 'new')), ['keys'], 'no draft is left')
  t.same(parseKeys(await readFile(path, 'utf8')), made[0])
  await chmod(path, 0o600)
  await writeFile(path, 'nonsense')
  await t.rejects(keysFromFile(path, randomBytes), { code: 'invalid-keys' }, 'a damaged file is not replaced')
})
