import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { Refusal } from '../values/refusal.ts'

/** The keys of personal data. New values are encrypted with `current`; older keys stay to open what they encrypted. Each key is 32 bytes. */
export type Keys = { current: string; encryption: Record<string, Buffer>; index: Buffer }

/** Where an encrypted value lies. It opens nowhere else: moved to another row or column it is refused. */
export type Place = { authority: string; row: number; column: string }

/** Gives that many random bytes. */
export type RandomBytes = (count: number) => Buffer

const form = 1
const keyLength = 32
const ivLength = 12
const tagLength = 16
const keyIdForm = /^[a-z0-9][a-z0-9-]{0,31}$/

/**
 * Reads keys from their text, as an environment variable or the key file holds it: `k2:<base64>[,k1:<base64>…];index:<base64>`. The
 * first key encrypts, the others only decrypt; each is 32 bytes. Rotate by putting a new key in front. The index key cannot be rotated
 * without computing every index anew. Refuses (`invalid-keys`) without quoting any part of the text.
 */
export function parseKeys(text: string): Keys {
  const [encryptionText = '', indexText = '', ...more] = text.trim().split(';')
  if (more.length > 0) throw invalidKeys('there is more than one ";" in it')
  const [label, index] = parts(indexText)
  if (label !== 'index') throw invalidKeys('the part behind ";" must be index:<base64>')
  const named = encryptionText.split(',').map(parts)
  const encryption: Record<string, Buffer> = {}
  for (const [id, key] of named) {
    if (!keyIdForm.test(id)) throw invalidKeys('a key id must be of a-z, 0-9 and "-", at most 32')
    if (Object.hasOwn(encryption, id)) throw invalidKeys('a key id occurs twice')
    encryption[id] = keyOf(key)
  }
  return { current: (named[0] as [string, string])[0], encryption, index: keyOf(index) }
}

/** Writes keys in the form that `parseKeys` reads. */
export function formatKeys(keys: Keys): string {
  const ids = [keys.current, ...Object.keys(keys.encryption).filter(id => id !== keys.current)]
  return `${ids.map(id => `${id}:${keyOfId(keys, id).toString('base64')}`).join(',')};index:${keys.index.toString('base64')}`
}

/** New keys, with the id `k1`. */
export function generateKeys(randomBytes: RandomBytes): Keys {
  return { current: 'k1', encryption: { k1: randomBytes(keyLength) }, index: randomBytes(keyLength) }
}

/**
 * Encrypts a text with AES-256-GCM. The value is: version (1 byte), length of the key id (1 byte), key id, IV (12), tag (16), ciphertext.
 * Version, key id and place are authenticated with it.
 */
export function encrypt(keys: Keys, plaintext: string, place: Place, randomBytes: RandomBytes): Buffer {
  const id = keys.current
  const iv = randomBytes(ivLength)
  const cipher = createCipheriv('aes-256-gcm', keyOfId(keys, id), iv, { authTagLength: tagLength })
  cipher.setAAD(bindingOf(id, place))
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.from([form, id.length]), Buffer.from(id, 'latin1'), iv, cipher.getAuthTag(), ciphertext])
}

/** Decrypts a value. Refuses (`encrypted-value-damaged`) what was changed, cut or moved, and (`encryption-key-missing`) an unknown key. */
export function decrypt(keys: Keys, encrypted: Buffer, place: Place): string {
  const idEnd = 2 + (encrypted[1] ?? 0)
  const tagEnd = idEnd + ivLength + tagLength
  if (encrypted[0] !== form || encrypted.length < tagEnd) throw damaged(place)
  const id = encrypted.toString('latin1', 2, idEnd)
  if (!Object.hasOwn(keys.encryption, id)) throw unknownKey(place)
  const decipher = createDecipheriv('aes-256-gcm', keyOfId(keys, id), encrypted.subarray(idEnd, idEnd + ivLength), {
    authTagLength: tagLength,
  })
  decipher.setAAD(bindingOf(id, place))
  decipher.setAuthTag(encrypted.subarray(idEnd + ivLength, tagEnd))
  try {
    return Buffer.concat([decipher.update(encrypted.subarray(tagEnd)), decipher.final()]).toString('utf8')
  } catch {
    throw damaged(place)
  }
}

/** The blind index of a normalised citizen number: HMAC-SHA-256 (32 bytes). The same number has the same index in every authority. */
export function blindIndex(keys: Keys, citizenNumber: string): Buffer {
  return createHmac('sha256', keys.index).update(citizenNumber, 'utf8').digest()
}

/**
 * The keyed digest of the label by which an office knows a household, in one round of one authority: HMAC-SHA-256 (32 bytes). What is digested begins
 * as no citizen number does, so the two uses of the key never meet.
 */
export function householdDigest(keys: Keys, { authority, round, label }: { authority: string; round: string; label: string }): Buffer {
  return createHmac('sha256', keys.index)
    .update(JSON.stringify(['household', authority, round, label]), 'utf8')
    .digest()
}

function bindingOf(id: string, { authority, row, column }: Place): Buffer {
  return Buffer.from(JSON.stringify([form, id, authority, row, column]), 'utf8')
}

function parts(text: string): [string, string] {
  const colon = text.indexOf(':')
  if (colon < 1) throw invalidKeys('each key is written as <id>:<base64>')
  return [text.slice(0, colon), text.slice(colon + 1)]
}

function keyOf(base64: string): Buffer {
  const key = Buffer.from(base64, 'base64')
  if (key.length !== keyLength || key.toString('base64') !== base64) throw invalidKeys('each key must be 32 bytes in base64')
  return key
}

function keyOfId(keys: Keys, id: string): Buffer {
  const key = keys.encryption[id]
  if (key === undefined) throw invalidKeys('the current key is not among the encryption keys')
  return key
}

function invalidKeys(why: string): Refusal {
  return new Refusal(
    'invalid-keys',
    `The keys of personal data cannot be read: ${why}. The form is k1:<base64>[,k0:<base64>];index:<base64>.`,
  )
}

function damaged({ authority, row, column }: Place): Refusal {
  return new Refusal(
    'encrypted-value-damaged',
    `The encrypted ${column} of row ${row} (${authority}) was changed, cut or moved, or SETTLEMENT_KEYS are not those that it was encrypted with: it does not open.`,
  )
}

function unknownKey({ authority, row, column }: Place): Refusal {
  return new Refusal(
    'encryption-key-missing',
    `The encrypted ${column} of row ${row} (${authority}) needs a key that is not among the keys given.`,
  )
}
