/** Ctrl-C ended a computation that has no partial result worth showing. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}
