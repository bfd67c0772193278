import wavedrom from 'wavedrom'
import { isFloat, type HardwareOptions } from '../../rtl/index.js'

/** Timing diagrams of a design as stand-alone SVG, by file name. */
export function timingDiagrams(options: HardwareOptions): ReadonlyMap<string, string> {
  if (isFloat(options.format)) return new Map([['timing-decision.svg', floatDecision()]])
  return new Map([
    ['timing-hidden.svg', hiddenDecision()],
    ['timing-visible.svg', visibleDecision()],
    ['timing-request.svg', request()],
  ])
}

type Source = Parameters<typeof wavedrom.renderAny>[1]

function draw(source: Source): string {
  const tree = wavedrom.renderAny(0, source, wavedrom.waveSkin)
  return wavedrom.onml.stringify(tree)
}

/** A decision whose waiting requests were scored while the layer ran: 13 clocks. */
function hiddenDecision(): string {
  return draw({
    head: { text: 'Hidden decision: 13 clocks, whatever waits', tick: 0 },
    config: { hscale: 1 },
    signal: [
      { name: 'clk', wave: 'p...............' },
      { name: 'done', wave: '010.............', node: '.a' },
      { name: 'start', wave: '1.0...........1.', node: '..............b' },
      { name: 'selected_tag', wave: '3.............4.', data: ['running', 'next'] },
      { name: 'measure', wave: '0.5...50........', data: ['count × 1/expected', ''] },
      { name: 'rescore', wave: '0....6......60..', data: ['R, U, score', ''] },
      { name: 'best of scan', wave: '2...............', data: ['scored while the layer ran'] },
    ],
    edge: ['a~>b 13 clocks'],
  })
}

/** A decision after the set of requests has changed: the waiting records follow through the pipeline. */
function visibleDecision(): string {
  return draw({
    head: { text: 'Visible decision: at most n + 12 clocks (n = 4 shown)', tick: 0 },
    config: { hscale: 1 },
    signal: [
      { name: 'clk', wave: 'p................' },
      { name: 'done', wave: '010..............', node: '.a' },
      { name: 'start', wave: '1.0............1.', node: '...............b' },
      { name: 'record read', wave: '0655555x.........', data: ['own', '0', '1', '2', 'own', '3'] },
      { name: 'table read', wave: '0.655555x........', data: ['own', '0', '1', '2', 'own', '3'] },
      { name: 'score', wave: '0.......555550...', data: ['0', '1', '2', 'own', '3'] },
      { name: 'selected_tag', wave: '3..............4.', data: ['running', 'next'] },
    ],
    edge: ['a~>b n + 12 at most'],
  })
}

function request(): string {
  return draw({
    head: { text: 'A request through the bus; SUBMIT waits while a scan runs', tick: 0 },
    config: { hscale: 2 },
    signal: [
      { name: 'clk', wave: 'p.........' },
      { name: 'bus_write', wave: '01......0.' },
      { name: 'bus_addr', wave: 'x34.....x.', data: ['REQUEST', 'SUBMIT'] },
      { name: 'bus_wdata', wave: 'x34.....x.', data: ['tag, row', 'deadline'] },
      { name: 'bus_ready', wave: '1.0....1..' },
      { name: 'occupancy', wave: '2.......2.', data: ['n', 'n + 1'] },
    ],
  })
}

function floatDecision(): string {
  return draw({
    head: { text: 'Decision of the published sequence: 23 + 2n clocks (n = 2 shown)', tick: 0 },
    config: { hscale: 1 },
    signal: [
      { name: 'clk', wave: 'p...........................' },
      { name: 'compute_done_npu', wave: '10..........................', node: 'a' },
      {
        name: 'start_comp_npu',
        wave: '10.........................1',
        node: '...........................b',
      },
      { name: 'rate', wave: '0.......50..................', data: ['γ'] },
      { name: 'issue', wave: '0........550................', data: ['0', '1'] },
      { name: 'score write', wave: '0...................550.....', data: ['0', '1'] },
      { name: 'select', wave: '0.......................550.', data: ['0', '1'] },
    ],
    edge: ['a~>b 23 + 2n'],
  })
}
