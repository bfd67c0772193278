import type { HardwareOptions } from '../../hardware-options.js'
import { recordFields, recordBits } from '../record-layout.js'

/** One write port, one registered read port: block RAM, LUT RAM or flip-flops, as the target has them. */
export function memoryModule(): string {
  return `// Simple dual-port memory: one write port, one read port whose data appear after the clock edge.
// A read of the address that is being written returns the old word.
module heddle_memory #(
    parameter int DEPTH = 64,
    parameter int WIDTH = 32
) (
    input  logic                     clk,
    input  logic                     we,
    input  logic [$clog2(DEPTH)-1:0] waddr,
    input  logic [WIDTH-1:0]         wdata,
    input  logic [$clog2(DEPTH)-1:0] raddr,
    output logic [WIDTH-1:0]         rdata
);
  logic [WIDTH-1:0] words[DEPTH];

  always_ff @(posedge clk) begin
    if (we) words[waddr] <= wdata;
    rdata <= words[raddr];
  end
endmodule
`
}

/** The record of one request, as a comment for the scheduler's head. */
export function recordComment(options: HardwareOptions): string {
  const lines: string[] = []
  let bit = 0
  for (const field of recordFields(options)) {
    const range = field.bits === 1 ? `[${bit}]` : `[${bit + field.bits - 1}:${bit}]`
    lines.push(`//   ${range.padEnd(8)} ${field.name.padEnd(9)} ${field.meaning}`)
    bit += field.bits
  }
  return `// Record of one request, ${recordBits(options)} bits:\n${lines.join('\n')}`
}
