import { at } from '../values/refusal.ts'
import type { Origin } from './document-parts.ts'

/** Where a part of the scheme stands, and which source or assumption its figures rest on. */
export type Place = { pointer: string; origin: Origin | undefined }

/** The place of a part inside. A part that names its own source or assumption rests on that. */
export function inside(place: Place, ...tokens: (string | number)[]): Place {
  let pointer = place.pointer
  for (const token of tokens) pointer = at(pointer, token)
  return { pointer, origin: place.origin }
}

/** The same place, resting on what the part itself names. */
export function resting(place: Place, part: Origin): Place {
  const origin: Origin = {
    ...(part.source && { source: part.source }),
    ...(part.assumption !== undefined && { assumption: part.assumption }),
  }
  return part.source || part.assumption !== undefined ? { pointer: place.pointer, origin } : place
}
