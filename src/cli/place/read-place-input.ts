import { readPlaceNetwork, readSoc } from '../../formats/place/index.js'
import { readInput } from '../../presets/index.js'
import type { PlaceInput } from '../../reproduce/index.js'

/** Reads an operation graph and a chip for a reproduction, with the times of the graph on the chip. */
export function readPlaceInput(networkName: string, socName: string): PlaceInput {
  const source = readInput(networkName, 'networks')
  const network = readPlaceNetwork(source.text, source.file)
  const chip = readInput(socName, 'socs')
  const soc = readSoc(chip.text, chip.file)
  const timesUs = network.graph.operations.map((operation) =>
    soc.cores.map((kind) => {
      const runs = kind.supports === undefined || kind.supports.includes(operation.type)
      return (runs ? network.costs?.cost(operation, kind)?.latencyUs : undefined) ?? null
    }),
  )
  return { graph: network.graph, soc, timesUs }
}
