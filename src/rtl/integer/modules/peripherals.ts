import type { HardwareOptions } from '../../hardware-options.js'
import { COUNT_BITS, integerWidths } from '../widths.js'

/** Free-running clock divider and tick counter. */
export function timeBaseModule(options: HardwareOptions): string {
  const { time } = integerWidths(options)
  const shift = options.tickShift
  if (shift === 0)
    return `// Time base: one tick per clock.
module heddle_time_base (
    input  logic clk,
    input  logic rst,
    output logic [${time - 1}:0] now
);
  always_ff @(posedge clk) begin
    if (rst) now <= '0;
    else now <= now + 1'b1;
  end
endmodule
`
  return `// Time base: one tick per 2^${shift} clocks. Ticks wrap around; the scheduler compares them as signed distances.
module heddle_time_base (
    input  logic clk,
    input  logic rst,
    output logic [${time - 1}:0] now
);
  logic [${shift - 1}:0] divider;

  always_ff @(posedge clk) begin
    if (rst) {now, divider} <= '0;
    else {now, divider} <= {now, divider} + 1'b1;
  end
endmodule
`
}

/** Counts non-zero lanes of the accelerator's output stream while a layer runs. */
export function monitorModule(options: HardwareOptions): string {
  const { lanes, laneBits } = options
  const bits = Math.ceil(Math.log2(lanes + 1))
  const flags = Array.from({ length: lanes }, (_, i) => {
    const range = `${(i + 1) * laneBits - 1}:${i * laneBits}`
    return `${bits}'(|data[${range}])`
  })
  return `// Sparsity monitor: population count of the non-zero lanes of each valid beat, so that dense and compressed streams
// both count right; ${COUNT_BITS} bits, saturating. The count is held from the end of a layer to the next start.
module heddle_monitor (
    input  logic clk,
    input  logic rst,
    input  logic running,
    input  logic valid,
    input  logic [${lanes * laneBits - 1}:0] data,
    output logic [${COUNT_BITS - 1}:0] nonzeros
);
  logic was_running;
  logic [${bits - 1}:0] beat;
  logic [${COUNT_BITS}:0] sum;

  assign beat = valid ? ${flags.join(' + ')} : '0;
  assign sum = {1'b0, nonzeros} + ${COUNT_BITS + 1}'(beat);

  always_ff @(posedge clk) begin
    was_running <= running && !rst;
    if (rst) nonzeros <= '0;
    else if (running && !was_running) nonzeros <= ${COUNT_BITS}'(beat);
    else if (running) nonzeros <= sum[${COUNT_BITS}] ? '1 : sum[${COUNT_BITS - 1}:0];
  end
endmodule
`
}
