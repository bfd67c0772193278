import { generateDesign, hardwareOptions, numericStudy, publishedAreas } from '../src/rtl/index.js'
import { quietRun } from '../src/model/index.js'
import { hasYosys, routeIce40, synthesize } from '../src/toolchains/index.js'
import type { BenchRow, Suite } from './bench-row.js'

const released = publishedAreas.find((area) => area.design === 'released, shared, FP16')

/** Area, routed frequency and exactness of the 64-slot integer scheduler. */
export const suite: Suite = async () => {
  const rows: BenchRow[] = [4, 16, 64].map((queue) => {
    const study = numericStudy('int16', queue, 4000, quietRun)
    return {
      name: `int16: decisions that differ from doubles, ${queue} requests`,
      measured: `${((100 * study.differing) / study.trials).toFixed(2)} %`,
      target: '< 1 %',
    }
  })
  if (!(await hasYosys())) return [...rows, { name: 'area', measured: '@yowasp/yosys is missing' }]
  const design = generateDesign(hardwareOptions(), 1, 1)
  const files = Object.fromEntries(design.modules)
  const area = await synthesize(files, design.top, 'xilinx')
  const note = '64 slots, int16, 7-series; published: released FP16, not working'
  rows.push(
    {
      name: 'LUT',
      measured: `${area.luts} (+${area.lutsAsRam} as RAM)`,
      target: '670',
      published: `${released?.luts}`,
      note,
    },
    { name: 'FF', measured: `${area.ffs}`, target: '520', published: `${released?.ffs}`, note },
    { name: 'DSP', measured: `${area.dsps}`, target: '4', published: `${released?.dsps}`, note },
    {
      name: 'BRAM36',
      measured: `${area.blockRams}`,
      target: '2',
      published: `${released?.blockRams}`,
      note,
    },
  )
  const mapped = await synthesize(files, design.top, 'ice40')
  const routed = await routeIce40(mapped.netlist, 1)
  rows.push({
    name: 'routed frequency',
    measured: `${routed.maxFrequencyMhz} MHz`,
    target: '50 MHz',
    note: routed.device,
  })
  return rows
}
