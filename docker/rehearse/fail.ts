/** What is wrong with the image, in words for the person who changed it; no stack is wanted. */
export class Failure extends Error {}

export function fail(message: string): never {
  throw new Failure(message)
}
