import { InputError, suggestName, type Diagnostic } from '../../base/index.js'
import {
  loopDims,
  type HierarchicalAccelerator,
  type Layer,
  type LoopDim,
  type SpatialUnrolling,
  type Workload,
} from '../../model/index.js'
import type { ZigzagRule } from './mapping-file.js'
import type { ZigzagNames } from './workload-file.js'

/** ZigZag's operator types of layers that come from another form. */
const operatorTypes: Readonly<Record<Layer['operator'], string>> = {
  conv: 'Conv',
  gemm: 'Gemm',
  pool: 'Pooling',
  add: 'Add',
  'batched-matmul': 'MatMul',
}

/**
 * The network with the unrolling that a mapping file gives each layer on this accelerator: the rule of its name, else of
 * its operator type, else the default. A factor is cut down to the layer's loop; a loop that the layer lacks is left out.
 * @param names how ZigZag's file called the layers' parts, where the network came from one
 * @throws InputError for array dimensions that do not exist or are over-filled
 */
export function applyZigzagMapping(
  workload: Workload,
  rules: readonly ZigzagRule[],
  accelerator: HierarchicalAccelerator,
  names?: readonly ZigzagNames[],
): Workload {
  checkRules(rules, accelerator)
  const layers = workload.layers.map((layer, i): Layer => {
    const operatorType = names?.[i].operatorType ?? operatorTypes[layer.operator]
    const rule = [layer.name, operatorType, 'default']
      .map((wanted) => rules.find((each) => each.name === wanted))
      .find((each) => each !== undefined)
    if (rule?.unrolls === undefined) return layer
    const left = { ...layer.dims }
    const unrolling: SpatialUnrolling = rule.unrolls.flatMap(({ arrayDimension, loop, factor }) => {
      const own = loopDims.find((each) => each === loop)
      const dim: LoopDim | undefined = names === undefined ? own : names[i].loops.get(loop)
      if (dim === undefined) return []
      const used = Math.min(factor, left[dim])
      left[dim] = Math.ceil(left[dim] / used)
      return used > 1 ? [{ arrayDimension, dim, factor: used }] : []
    })
    return { ...layer, unrolling: { ...layer.unrolling, [accelerator.name]: unrolling } }
  })
  return { ...workload, layers }
}

function checkRules(rules: readonly ZigzagRule[], { array }: HierarchicalAccelerator): void {
  const sizes = new Map(array.dimensions.map(({ name, size }) => [name, size]))
  const problems: Diagnostic[] = []
  for (const rule of rules) {
    const used = new Map<string, number>()
    for (const { arrayDimension, factor, at } of rule.unrolls ?? []) {
      const size = sizes.get(arrayDimension)
      const total = (used.get(arrayDimension) ?? 1) * factor
      used.set(arrayDimension, total)
      if (size === undefined) {
        problems.push({
          code: 'E-ZIG-015',
          at,
          message: `the array has no dimension "${arrayDimension}"`,
          hint: suggestName(arrayDimension, [...sizes.keys()]),
        })
      } else if (total > size) {
        problems.push({
          code: 'E-ZIG-016',
          at,
          message: `mapping "${rule.name}" unrolls ${total} over ${arrayDimension}, which has ${size} positions`,
        })
      }
    }
  }
  if (problems.length > 0) throw new InputError(problems)
}
