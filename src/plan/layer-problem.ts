import type {
  HierarchicalAccelerator,
  Layer,
  SearchStatus,
  TableAccelerator,
} from '../model/index.js'

/** An accelerator of either cost model. */
export type AnyAccelerator = TableAccelerator | HierarchicalAccelerator

/** One loop nest on one accelerator: what is solved, and cached, at the lowest level of a plan. */
export interface LayerProblem {
  /** Name and inputs are blank: layers of one shape are one problem. */
  readonly layer: Layer
  readonly accelerator: AnyAccelerator
  readonly metric: 'energy' | 'cycles' | 'edp'
  readonly dataflow: 'fixed' | 'flexible'
}

/** What the best mapping of a loop nest costs, and how that is known. */
export interface LayerCost {
  readonly latencyCycles: number
  readonly energyPj: number
  readonly status: SearchStatus
  /** Of the metric that was minimised. */
  readonly objective: number
  readonly lowerBound: number
}

/** A layer as a problem of its shape alone. */
export function layerShape(layer: Layer): Layer {
  return { ...layer, name: '', inputs: [] }
}
