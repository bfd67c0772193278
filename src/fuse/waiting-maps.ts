import type { StackRange } from './stack-range.js'
import type { Network } from './network.js'
import { makeStack, mapBits } from './stack.js'

/** A whole feature map that lies in the top memory while a stack runs. */
export interface WaitingMap {
  /** Position of the layer that makes it, or NETWORK_INPUT. */
  readonly from: number
  readonly bits: number
  /** Whether the stack reads it. */
  readonly isRead: boolean
  /** Layers that read it after the stack. */
  readonly readLater: readonly number[]
}

/**
 * Whole feature maps in the top memory while a stack runs, whatever stacks the other layers form: what it reads from
 * outside, what it makes, what earlier layers made for later ones (a skip connection), and finished outputs of the
 * network.
 */
export function waitingMaps(network: Network, { first, last }: StackRange): WaitingMap[] {
  const { nodes } = network
  const inputs = new Map<number, WaitingMap>()
  makeStack(network, first, last).sources.forEach(
    ({ from, depth, width, height, bitsPerElement }, s) => {
      const bits = depth * width * height * bitsPerElement
      if (from < 0) inputs.set(~s, { from, bits, isRead: true, readLater: [] })
    },
  )
  const maps = nodes.flatMap(({ layer, consumers }, from): WaitingMap[] => {
    if (from > last || (from >= first && from < last)) return []
    const readLater = consumers.filter((consumer) => consumer > last)
    const isNeeded = readLater.length > 0 || consumers.length === 0 || from === last
    const isRead = consumers.some((consumer) => consumer >= first && consumer <= last)
    return isNeeded || isRead ? [{ from, bits: mapBits(layer), isRead, readLater }] : []
  })
  return [...inputs.values(), ...maps]
}
