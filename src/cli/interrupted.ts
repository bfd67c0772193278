/** Ctrl-C ended a computation that has no partial result worth showing: exit status 130, as of any interrupted program. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}
