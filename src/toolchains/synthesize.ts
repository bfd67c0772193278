import type { ToolFiles } from './tool-files.js'
import { yosys } from './yosys.js'

/** Families that Yosys maps to here: AMD 7-series, Lattice iCE40 (HX, no DSP blocks) and ECP5. */
export const synthesisTargets = ['xilinx', 'ice40', 'ecp5'] as const
export type SynthesisTarget = (typeof synthesisTargets)[number]

/** Area in the counts that papers compare. */
export interface Area {
  /** Look-up tables used as logic. */
  readonly luts: number
  /** Look-up tables used as memory or shift register. */
  readonly lutsAsRam: number
  readonly ffs: number
  readonly dsps: number
  /** Block RAMs: 36 kb on 7-series, 4 kb on iCE40, 18 kb on ECP5. */
  readonly blockRams: number
  readonly carries: number
}

export interface SynthesisResult extends Area {
  readonly target: SynthesisTarget
  /** Every primitive and its count. */
  readonly cells: Readonly<Record<string, number>>
  /** Netlist for place and route (JSON of Yosys). */
  readonly netlist: string
}

export interface ModuleArea extends Area {
  readonly module: string
  readonly instances: number
}

/** Maps a design to a family, flattened, without I/O pads. */
export async function synthesize(
  files: ToolFiles,
  top: string,
  target: SynthesisTarget,
): Promise<SynthesisResult> {
  const netlist = await mapped(files, top, target, true)
  const cells = countCells(netlist, top)
  return { target, ...areaOf(cells), cells, netlist }
}

/** Maps a design module by module (nothing is optimised across their borders) and counts each. */
export async function areaPerModule(
  files: ToolFiles,
  top: string,
  target: SynthesisTarget,
): Promise<readonly ModuleArea[]> {
  const netlist = await mapped(files, top, target, false)
  const { modules } = JSON.parse(netlist) as Netlist
  const instances = new Map<string, number>()
  const visit = (name: string): void => {
    instances.set(name, (instances.get(name) ?? 0) + 1)
    for (const cell of Object.values(modules[name].cells)) if (isDesign(cell.type)) visit(cell.type)
  }
  const isDesign = (type: string): boolean =>
    type in modules && (type.includes('heddle') || type === top)
  visit(top)
  return [...instances].map(([name, count]) => ({
    module: readableName(name),
    instances: count,
    ...areaOf(countCells(netlist, name)),
  }))
}

interface Netlist {
  readonly modules: Readonly<
    Record<string, { readonly cells: Readonly<Record<string, { readonly type: string }>> }>
  >
}

async function mapped(
  files: ToolFiles,
  top: string,
  target: SynthesisTarget,
  flatten: boolean,
): Promise<string> {
  const flow = {
    xilinx: `synth_xilinx -family xc7 -noiopad ${flatten ? '-flatten ' : ''}-top ${top}`,
    ice40: `synth_ice40 ${flatten ? '' : '-noflatten '}-top ${top}`,
    ecp5: `synth_ecp5 ${flatten ? '' : '-noflatten '}-top ${top}`,
  }[target]
  const sources = Object.keys(files).join(' ')
  const output = await yosys(
    `read_verilog -sv ${sources}\n${flow}\nwrite_json mapped.json\n`,
    files,
  )
  const netlist = output.files['mapped.json']
  return typeof netlist === 'string' ? netlist : new TextDecoder().decode(netlist)
}

function countCells(netlist: string, module: string): Record<string, number> {
  const { modules } = JSON.parse(netlist) as Netlist
  const counts: Record<string, number> = {}
  for (const { type } of Object.values(modules[module].cells)) {
    if (type === '$scopeinfo' || type.startsWith('$paramod') || type.startsWith('heddle')) continue
    counts[type] = (counts[type] ?? 0) + 1
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** `$paramod$…\heddle_memory\DEPTH=…` → `heddle_memory DEPTH=… WIDTH=…`. */
function readableName(name: string): string {
  const plain = /\\(heddle_\w+)((?:\\\w+=[^\\]*)*)$/.exec(name)
  if (plain === null) return name
  const parameters = [...plain[2].matchAll(/\\(\w+)=\w*?'([01]+)/g)]
  const list = parameters.map(([, key, bits]) => `${key}=${parseInt(bits, 2)}`)
  return [plain[1], ...list].join(' ')
}

/** Weights of primitives in the counts; what is not listed is wiring or a buffer. */
export function areaOf(cells: Readonly<Record<string, number>>): Area {
  const sum = (weight: (type: string) => number): number =>
    Object.entries(cells).reduce((total, [type, count]) => total + count * weight(type), 0)
  const among = (pattern: RegExp) => (type: string) => (pattern.test(type) ? 1 : 0)
  return {
    luts: sum(among(/^(LUT[1-6]|SB_LUT4)$/)),
    lutsAsRam: sum((type) =>
      /^RAM(32|64)M$/.test(type)
        ? 4
        : /^RAM\d+X1D$|^TRELLIS_DPR16X4$/.test(type)
          ? 2
          : /^(SRL16E|SRLC32E|RAM\d+X1S)$/.test(type)
            ? 1
            : 0,
    ),
    ffs: sum(among(/^(FD[RSCP]E(_1)?|SB_DFF\w*|TRELLIS_FF)$/)),
    dsps: sum(among(/^(DSP48E1|SB_MAC16|MULT18X18D)$/)),
    blockRams: sum((type) =>
      /^(RAMB36E1|SB_RAM40_4K\w*|DP16KD|PDPW16KD)$/.test(type) ? 1 : type === 'RAMB18E1' ? 0.5 : 0,
    ),
    carries: sum(among(/^(CARRY4|SB_CARRY|CCU2C)$/)),
  }
}
