import { suggestName, type Diagnostic, type Position } from '../base/index.js'
import {
  levelsOf,
  type HierarchicalAccelerator,
  type LinkDirection,
  type MemoryLevel,
  type Operand,
} from '../model/index.js'

type At = (path: readonly (string | number)[]) => Position

/** Everything a schema cannot say about a memory hierarchy; `at` finds the position of a path in the file. */
export function checkHierarchy(accelerator: HierarchicalAccelerator, at: At): Diagnostic[] {
  const problems: Diagnostic[] = []
  const dimensionNames = accelerator.array.dimensions.map((each) => each.name)
  if (dimensionNames.length === 0) {
    problems.push({
      code: 'E-ARC-002',
      at: at(['array', 'dimensions']),
      message: 'the array has no dimension',
      hint: 'give at least one, e.g. { D1: 16 }',
    })
  }
  const unroller = new Map<string, string>()
  for (const [name, loops] of Object.entries(accelerator.unrolling)) {
    if (!dimensionNames.includes(name)) {
      problems.push(unknownDimension(name, dimensionNames, at(['unrolling', name])))
    }
    loops.forEach((loop, index) => {
      const other = unroller.get(loop)
      if (other !== undefined) {
        problems.push({
          code: 'E-ARC-004',
          at: at(['unrolling', name, index]),
          message: `loop ${loop} is unrolled twice: over ${other} and over ${name}`,
          hint: 'an unrolling rule may name each loop once',
        })
      }
      unroller.set(loop, name)
    })
  }
  const names = new Set<string>()
  accelerator.memories.forEach((memory, index) => {
    if (names.has(memory.name)) {
      problems.push({
        code: 'E-ARC-005',
        at: at(['memories', index, 'name']),
        message: `two memories are named "${memory.name}"`,
        hint: 'give each memory a name of its own',
      })
    }
    names.add(memory.name)
    problems.push(...checkMemory(accelerator, memory, index, dimensionNames, at))
  })
  for (const operand of ['input', 'weight', 'output'] as const) {
    if (levelsOf(accelerator, operand).length === 0) {
      problems.push({
        code: 'E-ARC-006',
        at: at(['memories']),
        message: `no memory holds ${operand} data`,
        hint: `add "${operand}" to the operands of at least one memory`,
      })
    }
  }
  return problems
}

function checkMemory(
  accelerator: HierarchicalAccelerator,
  memory: MemoryLevel,
  index: number,
  dimensionNames: readonly string[],
  at: At,
): Diagnostic[] {
  const problems: Diagnostic[] = []
  const path = ['memories', index] as const
  memory.serves.forEach((name, i) => {
    const where = at([...path, 'serves', i])
    if (!dimensionNames.includes(name)) {
      problems.push(unknownDimension(name, dimensionNames, where))
    } else if (memory.serves.indexOf(name) !== i) {
      problems.push({
        code: 'E-ARC-007',
        at: where,
        message: `memory "${memory.name}" serves dimension ${name} twice`,
      })
    }
  })
  memory.operands.forEach((operand, i) => {
    if (memory.operands.indexOf(operand) !== i) {
      problems.push({
        code: 'E-ARC-008',
        at: at([...path, 'operands', i]),
        message: `memory "${memory.name}" holds ${operand} twice`,
      })
    }
  })
  memory.mayBypass?.forEach((operand, i) => {
    const levels = levelsOf(accelerator, operand)
    const held = memory.operands.includes(operand)
    if (held && levels[levels.length - 1] !== index) return
    problems.push({
      code: 'E-ARC-016',
      at: at([...path, 'mayBypass', i]),
      message: held
        ? `${operand} may bypass memory "${memory.name}", the outermost that holds it`
        : `${operand} may bypass memory "${memory.name}", which does not hold it`,
      hint: held
        ? 'the outermost memory holds the whole tensor and cannot be left out'
        : suggestName(operand, memory.operands),
    })
  })
  const sides = [
    ['read', memory.readGranularityBits, memory.readBandwidthBits],
    ['write', memory.writeGranularityBits, memory.writeBandwidthBits],
  ] as const
  for (const [side, granularity, bandwidth] of sides) {
    if (granularity > bandwidth) {
      problems.push({
        code: 'E-ARC-009',
        at: at([...path, side, 'granularityBits']),
        message: `the ${side} granularity of memory "${memory.name}" is ${granularity} bits, wider than its ${side} port of ${bandwidth} bits`,
      })
    }
  }
  problems.push(...checkLinks(memory, index, at))
  for (const operand of new Set(memory.operands)) {
    for (const direction of neededLinks(accelerator, index, operand)) {
      const served = memory.ports.some((port) =>
        port.links.some((link) => link.operand === operand && link.direction === direction),
      )
      if (!served) {
        problems.push({
          code: 'E-ARC-012',
          at: at([...path, 'ports']),
          message: `memory "${memory.name}" holds ${operand} but no port carries "${operand} ${direction}"`,
          hint: `add "${operand} ${direction}" to one of its ports`,
        })
      }
    }
  }
  return problems
}

function checkLinks(memory: MemoryLevel, index: number, at: At): Diagnostic[] {
  const problems: Diagnostic[] = []
  const seen = new Set<string>()
  memory.ports.forEach((port, portIndex) => {
    port.links.forEach((link, linkIndex) => {
      const where = at(['memories', index, 'ports', portIndex, port.type, linkIndex])
      const text = `${link.operand} ${link.direction}`
      const reads = link.direction === 'to-low' || link.direction === 'to-high'
      if (!memory.operands.includes(link.operand)) {
        problems.push({
          code: 'E-ARC-010',
          at: where,
          message: `port ${port.name} of memory "${memory.name}" carries ${link.operand}, which the memory does not hold`,
          hint: suggestName(link.operand, memory.operands),
        })
      }
      if (seen.has(text)) {
        problems.push({
          code: 'E-ARC-011',
          at: where,
          message: `"${text}" of memory "${memory.name}" is carried twice`,
          hint: 'a data link belongs to one port',
        })
      }
      seen.add(text)
      if (port.type !== 'read-write' && (port.type === 'read') !== reads) {
        problems.push({
          code: 'E-ARC-013',
          at: where,
          message: `"${text}" ${reads ? 'reads' : 'writes'} the memory, but ${port.name} of "${memory.name}" is a ${port.type} port`,
          hint: `move it to a ${reads ? 'read' : 'write'} or read-write port`,
        })
      }
      if (
        link.operand !== 'output' &&
        (link.direction === 'to-high' || link.direction === 'from-low')
      ) {
        problems.push({
          code: 'E-ARC-014',
          at: where,
          message: `"${text}": ${link.operand} data never move upwards`,
          hint: 'only output has to-high and from-low',
        })
      }
    })
  })
  return problems
}

/** Links without which an operand could not pass a memory; the top memory trades with the outside, which is not modelled. */
function neededLinks(
  accelerator: HierarchicalAccelerator,
  memoryIndex: number,
  operand: Operand,
): LinkDirection[] {
  const levels = levelsOf(accelerator, operand)
  const top = levels[levels.length - 1] === memoryIndex
  if (operand !== 'output') return top ? ['to-low'] : ['to-low', 'from-high']
  return top ? ['to-low', 'from-low'] : ['to-low', 'from-low', 'from-high', 'to-high']
}

function unknownDimension(name: string, known: readonly string[], at: Position): Diagnostic {
  return {
    code: 'E-ARC-003',
    at,
    message: `the array has no dimension "${name}"`,
    hint: suggestName(name, known),
  }
}
