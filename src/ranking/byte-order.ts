/** Compares two well-formed texts by their UTF-8 bytes, without making the bytes: a sort of a million ties would not bear it. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return byteOrder(x) - byteOrder(y)
  }
  return a.length - b.length
}

// UTF-16 puts surrogates (U+10000 and above) before U+E000 to U+FFFF, UTF-8 puts them after.
function byteOrder(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
