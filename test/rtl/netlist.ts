import { yosys } from '../../src/toolchains/index.js'
import type { YosysNetlist } from './netlist-evaluator.js'

/** Elaborates SystemVerilog files to one flat module of word-level cells. */
export async function wordLevelNetlist(
  files: ReadonlyMap<string, string>,
  top: string,
): Promise<YosysNetlist> {
  const script = `read_verilog -sv ${[...files.keys()].join(' ')}
hierarchy -top ${top}
proc -norom
flatten
opt_clean
memory_dff
memory_collect
opt_clean
write_json netlist.json
`
  const output = await yosys(script, Object.fromEntries(files))
  const json = output.files['netlist.json']
  const text = typeof json === 'string' ? json : new TextDecoder().decode(json)
  return JSON.parse(text) as YosysNetlist
}
