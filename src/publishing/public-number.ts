// Without 0, 1, I, L, O and U, which people misread or misspell.
const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 12

/**
 * A random public number: 12 letters and digits in three groups ("7K2M-X9QF-3HTA"), about 58 bits. It is drawn, not made from anything a person has,
 * so a list that prints it tells nobody who it is.
 */
export function newPublicNumber(randomBytes: (count: number) => Uint8Array): string {
  let text = ''
  while (text.length < length) {
    // Only bytes below a multiple of 30 are taken, so that every letter is as likely as any other.
    for (const byte of randomBytes(length * 2)) if (byte < 240 && text.length < length) text += letters[byte % letters.length]
  }
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`
}

/** A public number as it is stored, from what people type: small letters, full width, blanks, other dashes or none. Undefined if it is none. */
export function readPublicNumber(text: string): string | undefined {
  const typed = text
    .normalize('NFKC')
    .replace(/[\s\p{Pd}]/gu, '')
    .toUpperCase()
  return /^[0-9A-Z]{12}$/.test(typed) ? typed.replace(/^(.{4})(.{4})/, '$1-$2-') : undefined
}
