/** A core or a whole processor described by two ceilings: arithmetic and memory traffic (Williams et al. 2009). */
export interface Roofline {
  /** Scalar operations per second, in 1e9; a multiply-accumulate counts as two. */
  readonly gopsPerS: number
  /** Bytes per second from and to memory, in 1e9. */
  readonly gbytesPerS: number
  /** Energy of one operation and of one byte moved; 0 when not known. */
  readonly pjPerOp: number
  readonly pjPerByte: number
  /** Time that starting an operation takes by itself. */
  readonly launchUs: number
}

/** A core whose loop nests are mapped. */
export interface AcceleratorCore {
  readonly kind: 'accelerator'
  /** Preset name or file of an accelerator. */
  readonly accelerator: string
  /** Clock where the accelerator's own description has none. */
  readonly clockMhz?: number
  /** How the loop nests are chosen: the metric that `map` minimises. */
  readonly metric: 'energy' | 'cycles' | 'edp'
  readonly dataflow: 'fixed' | 'flexible'
  /** Unit beside the array that runs elementwise arithmetic and moves data; without it those run elsewhere. */
  readonly vectorUnit?: Roofline
  /** How much of the time that zero activations could save is saved: 0 = dense, 1 = time proportional to density. */
  readonly sparsitySpeedup: number
  /** Stacks of at most so many layers may run depth-first, tile by tile; absent = layer by layer. */
  readonly deepestStack?: number
}

export interface RooflineCore extends Roofline {
  readonly kind: 'roofline'
}

/** All cores of one design on the chip of a scenario. */
export interface ScenarioCore {
  readonly name: string
  readonly count: number
  readonly engine: AcceleratorCore | RooflineCore
  /** Operators that it runs; absent = whatever its engine can. */
  readonly runs?: readonly string[]
}

/** How cores hand data to each other. */
export interface ScenarioInterconnect {
  readonly kind: 'bus' | 'links'
  /** Bytes per second, in 1e9; Infinity = transfers cost only their latency. */
  readonly gbytesPerS: number
  readonly latencyUs: number
  readonly contention: boolean
}

/** When the requests of a network come. */
export type Arrivals =
  | { readonly kind: 'poisson'; readonly ratePerS: number }
  | { readonly kind: 'periodic'; readonly ratePerS: number; readonly jitterS: number }

/** What the samples of a network look like: how dense its activations are, and how that varies. */
export interface DensityModel {
  /** Mean fraction of non-zero activations. */
  readonly mean: number
  /** Standard deviation of a sample's logarithmic density, shared by all its layers. */
  readonly spread: number
  /** Number of different samples drawn. */
  readonly samples: number
}

/** One network of a scenario. */
export interface ScenarioNetwork {
  readonly name: string
  /** ONNX file, Heddle YAML or preset. */
  readonly model: string
  readonly bind: Readonly<Record<string, number>>
  readonly precision?: readonly number[]
  /** Unknown operators of the model that work element by element. */
  readonly assumeElementwise: readonly string[]
  readonly arrivals: Arrivals
  /** Time allowed from arrival to finish; absent = `sloMultiplier` times the placed makespan. */
  readonly sloMs?: number
  readonly sloMultiplier: number
  readonly priority: number
  readonly density: DensityModel
  /** Trace whose measured sparsity takes the place of the density model: file, preset or PRESET/NAME. */
  readonly trace?: string
  /** Runs after another network has finished the same frame, with a probability; has no arrivals of its own. */
  readonly after?: { readonly network: string; readonly probability: number }
}

/** Networks, a chip, arrivals and deadlines: what `plan` schedules at all four levels. */
export interface Scenario {
  readonly kind: 'scenario'
  readonly name: string
  readonly description: string
  readonly chip: {
    readonly name: string
    readonly cores: readonly ScenarioCore[]
    readonly interconnect?: ScenarioInterconnect
  }
  readonly networks: readonly ScenarioNetwork[]
  readonly serve: {
    readonly policies: readonly string[]
    /** Equal parts of the chip, each of which serves one request at a time. */
    readonly partitions: number
    /** Length of the simulated time. */
    readonly seconds: number
    readonly seeds: number
  }
  /** What the best of several variants minimises. */
  readonly objective: 'energy' | 'latency' | 'edp' | 'violations'
}
