/** Layers measured together, and the values that one run of the network must return for them. */
export interface Pass {
  /** Layers from `from` up to, without, `to`. */
  readonly from: number
  readonly to: number
  readonly wanted: readonly string[]
}

/**
 * Splits the layers into as few consecutive passes as hold no more than `limitBytes` of values each; a layer that needs
 * more has a pass of its own. Every pass is a run of the whole network, so what is saved in memory is paid in time.
 * @param needs per layer: the values it is measured by
 * @param bytesOf size of a value; undefined when it is not known, which counts as nothing
 */
export function splitPasses(
  needs: readonly (readonly string[])[],
  bytesOf: (value: string) => number | undefined,
  limitBytes: number,
): Pass[] {
  const passes: Pass[] = []
  let from = 0
  let wanted = new Set<string>()
  let bytes = 0
  needs.forEach((values, layer) => {
    const sizeOf = (known: ReadonlySet<string>): number =>
      values.reduce((sum, value) => (known.has(value) ? sum : sum + (bytesOf(value) ?? 0)), 0)
    if (layer > from && bytes + sizeOf(wanted) > limitBytes) {
      passes.push({ from, to: layer, wanted: [...wanted] })
      from = layer
      wanted = new Set()
      bytes = 0
    }
    bytes += sizeOf(wanted)
    for (const value of values) wanted.add(value)
  })
  passes.push({ from, to: needs.length, wanted: [...wanted] })
  return passes
}
