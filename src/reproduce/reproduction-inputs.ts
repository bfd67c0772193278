import type { HierarchicalAccelerator, NetworkProfile, Trace, Workload } from '../model/index.js'
import type { PlaceInput } from './prism/place-input.js'

/**
 * Reads presets by name; given by the caller, because this room does no input. A system adds a method here for the
 * kind of input it needs, and the command line fills it in.
 */
export interface ReproductionInputs {
  hierarchicalAccelerator(name: string): HierarchicalAccelerator
  network(name: string): Workload
  /** An operation graph and a chip, with the graph's execution times on the chip's core kinds. */
  placeInput(network: string, soc: string): PlaceInput
  /** Text of a preset file, for kinds of input that have no reader here. */
  text(
    category: 'accelerators' | 'networks' | 'socs' | 'scenarios' | 'traces',
    name: string,
  ): string
  /** The profiles of a preset folder of traces, by file name. */
  profiles(preset: string): readonly NetworkProfile[]
  /** Traces of a serving platform: the user's own where given, else the shipped synthetic ones. */
  traces(platform: 'attention' | 'cnn'): {
    readonly traces: readonly Trace[]
    readonly source: string
  }
}
