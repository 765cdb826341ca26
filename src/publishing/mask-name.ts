/**
 * A name as it may be published: the first character stays, every other becomes an asterisk ("张三丰" → "张**"). By code points, so that a
 * rare character outside the basic plane is never cut in half. The one rule for all lists: masks that differ can be put together again.
 */
export function maskName(name: string): string {
  const [first = '', ...rest] = [...name]
  return first + '*'.repeat(Math.max(rest.length, 1))
}
