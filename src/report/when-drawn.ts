/**
 * A function of a module that is loaded when the function is first called. Figures bring a chart library with them,
 * half of what a command takes to start; most commands draw nothing.
 */
export function whenDrawn<Arguments extends readonly unknown[], Files>(
  load: () => Promise<(...of: Arguments) => Files>,
): (...of: Arguments) => Promise<Files> {
  return async (...of) => (await load())(...of)
}
