import { loopsPerLevel } from '../../model/index.js'
import type { StackDetail, StepDetail, TileTypeDetail } from '../../fuse/index.js'
import type { FuseReport } from './fuse-report.js'
import { stackLine } from './fuse-text.js'

/** The chosen schedule in words: per stack and tile type, what is copied and how each layer's loops run. */
export function scheduleText(report: FuseReport): string {
  return report.stacks
    .map((stack, i) =>
      [`STACK ${i + 1}  ${stackLine(stack)}`, ...waitingText(stack), ...typesText(stack)].join(
        '\n',
      ),
    )
    .join('\n\n')
}

/** Maps that other stacks made or will read, while this one runs. */
function waitingText({ waiting }: StackDetail): string[] {
  return waiting.map(
    ({ map, memory, bits, readLater }) =>
      `  whole  ${map}: ${kib(bits)} in ${memory}${readLater.length === 0 ? '' : `, read later by ${readLater.join(', ')}`}`,
  )
}

function typesText(stack: StackDetail): string[] {
  return stack.tileTypes.flatMap((type, i) => [
    '',
    `  TILE TYPE ${i + 1}: ${type.count} × ${type.width}×${type.height}, weights from ${type.weightsFrom}, at most ${kib(type.peakBits)} of feature maps alive`,
    ...typeText(type),
  ])
}

function typeText(type: TileTypeDetail): string[] {
  return type.steps.flatMap((step) => [
    ...step.copies.map(
      (copy) => `    copy   ${copy.reason}: ${kib(copy.bits)} ${copy.way.join(' → ')}`,
    ),
    ...(step.computed === undefined
      ? step.layer === 'input'
        ? []
        : [`    skip   ${step.layer}: everything is in the caches`]
      : computedText(step, step.computed)),
  ])
}

function computedText(step: StepDetail, computed: NonNullable<StepDetail['computed']>): string[] {
  const { tops, mapping } = computed
  const spatial = mapping.spatial.map(
    (each) => `${each.arrayDimension}:${each.dim}${round(each.factor)}`,
  )
  const operands = Object.keys(mapping.cuts) as (keyof typeof mapping.cuts)[]
  return [
    `    layer  ${step.layer}: ${computed.columns}×${computed.rows} new outputs; input in ${tops.input}, output in ${tops.output}${tops.weight === null ? '' : `, weights below ${tops.weight}`}${tops.second === null ? '' : `, second matrix in ${tops.second}`}; ${round(computed.energyPj / 1e3)} nJ, ${computed.latencyCycles} cycles`,
    `           spatial ${spatial.join(' ') || '-'}`,
    ...operands.map((operand) => {
      const levels = loopsPerLevel(mapping, operand).map(
        (loops) => loops.map((loop) => `${loop.dim}${round(loop.size)}`).join(' ') || '-',
      )
      return `           ${operand.padEnd(7)} ${levels.join(' | ')}`
    }),
  ]
}

function round(value: number): string {
  return String(Number(value.toPrecision(6)))
}

/** Bits as bytes or KiB. */
export function kib(bits: number): string {
  const bytes = bits / 8
  return bytes < 1024 ? `${round(bytes)} B` : `${(bytes / 1024).toFixed(1)} KiB`
}
