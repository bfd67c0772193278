import { extname } from 'node:path'
import { InputError } from '../../base/index.js'
import {
  readOpTable,
  readPlaceNetwork,
  readSoc,
  type PlaceNetwork,
} from '../../formats/place/index.js'
import { networkOpGraph, type CostSource, type Operation, type Soc } from '../../model/index.js'
import type { Application, PlaceRequest } from '../../place/index.js'
import { readInput, resolveInput } from '../../presets/index.js'
import { readOnnxNetwork, type ImportSettings } from '../network-input.js'

/** Options of `heddle place` that say what is to be placed. */
export interface RequestOptions extends ImportSettings {
  readonly network: readonly string[]
  readonly soc?: string
  readonly times?: string
  readonly npus?: number
  readonly cpus?: number
  readonly batch: number
  readonly clock?: number
  readonly period?: number
  readonly deadline?: number
  readonly asPublished: boolean
}

/** Tick of the published program, µs. */
const PUBLISHED_CLOCK_US = 100

/**
 * Reads networks, times and chip and puts them together.
 * @throws InputError with every problem of the file at fault
 */
export function buildRequest(options: RequestOptions): PlaceRequest {
  const networks = options.network.map((value) => readNetworkOption(value, options))
  checkSize(networks, options.batch)
  const soc = withCounts(chooseSoc(options, networks), options)
  return {
    applications: networks.map((network) => application(network, options)),
    soc,
    costs: costsOf(networks, options.times),
    clockUs: options.clock ?? (options.asPublished ? PUBLISHED_CLOCK_US : 0),
  }
}

/** An operation graph in any of its forms; of an ONNX model, the nodes that cost time. */
function readNetworkOption(value: string, options: RequestOptions): PlaceNetwork {
  const path = resolveInput(value, 'networks')
  if (extname(path).toLowerCase() === '.onnx') {
    return { form: 'onnx', graph: networkOpGraph(readOnnxNetwork(path, options)) }
  }
  const { text, file } = readInput(value, 'networks')
  return readPlaceNetwork(text, file)
}

function chooseSoc(options: RequestOptions, networks: readonly PlaceNetwork[]): Soc {
  if (options.soc !== undefined) {
    const { text, file } = readInput(options.soc, 'socs')
    return readSoc(text, file)
  }
  const own = networks.find((network) => network.soc !== undefined)?.soc
  if (own !== undefined) return own
  // Files whose times hold on any core need no more than a number of them.
  if (options.cpus !== undefined || options.npus !== undefined) {
    return {
      kind: 'soc',
      name: 'cores given on the command line',
      cores: [
        { name: 'npu', count: options.npus ?? 0 },
        { name: 'cpu', count: options.cpus ?? 0 },
      ],
    }
  }
  throw new InputError({
    code: 'E-PLC-001',
    message: 'the network file brings no cores of its own',
    hint: 'give --soc NAME|FILE (heddle list socs), or --npus and --cpus',
  })
}

/** Counts from --npus and --cpus: the kinds of these names, else the first and the last kind. */
function withCounts(soc: Soc, options: RequestOptions): Soc {
  const { npus, cpus } = options
  const names = soc.cores.map((kind) => kind.name)
  const npu = names.includes('npu') ? names.indexOf('npu') : 0
  const cpu = names.includes('cpu') ? names.indexOf('cpu') : names.length - 1
  const cores = soc.cores.map((kind, k) => {
    if (npus !== undefined && k === npu) return { ...kind, count: npus }
    if (cpus !== undefined && k === cpu) return { ...kind, count: cpus }
    return kind
  })
  return { ...soc, cores }
}

/** More instances of operations than this are refused: a search over them would take hours. */
const MOST_OPERATIONS = 200_000

function checkSize(networks: readonly PlaceNetwork[], inputs: number): void {
  const each = networks.reduce((sum, { graph }) => sum + graph.operations.length, 0)
  if (each * inputs <= MOST_OPERATIONS) return
  throw new InputError({
    code: 'E-PLC-005',
    message: `--batch ${inputs} makes ${each * inputs} operations, at most ${MOST_OPERATIONS} are placed`,
    hint: `give --batch ${Math.max(1, Math.floor(MOST_OPERATIONS / each))} or less; beyond that the steady state says what one more input costs`,
  })
}

function application(network: PlaceNetwork, options: RequestOptions): Application {
  const periodUs = options.period
  const deadlineUs = options.deadline ?? network.deadlineUs
  return {
    graph: network.graph,
    inputs: options.batch,
    ...(periodUs === undefined ? {} : { periodUs }),
    ...(deadlineUs === undefined ? {} : { deadlineUs }),
  }
}

/** One cost source for all networks; operations are told apart as objects, because names may repeat. */
function costsOf(networks: readonly PlaceNetwork[], times: string | undefined): CostSource {
  let table: CostSource | undefined
  if (times !== undefined) {
    const { text, file } = readInput(times, 'networks')
    table = readOpTable(text, file).costs
  }
  const sources = new Map<Operation, CostSource>()
  for (const network of networks) {
    const costs = table ?? network.costs
    if (costs === undefined) {
      throw new InputError({
        code: 'E-PLC-002',
        message: `"${network.graph.name}", a network of the form "${network.form}" has no execution times`,
        hint: 'give --times TABLE.csv with the columns operation and one per core kind, or let heddle plan work them out',
      })
    }
    for (const operation of network.graph.operations) sources.set(operation, costs)
  }
  return {
    cost: (operation, core, density) => sources.get(operation)?.cost(operation, core, density),
  }
}
