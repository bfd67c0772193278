import type { HardwareOptions } from '../../hardware-options.js'
import { usesDensity } from '../record-layout.js'
import { COUNT_BITS, integerWidths } from '../widths.js'

/** Bus, time base, monitors and scheduler: the block that is placed beside the accelerators. */
export function topModule(options: HardwareOptions): string {
  const w = integerWidths(options)
  const K = options.accelerators
  const beat = options.lanes * options.laneBits
  const density = usesDensity(options)
  const monitors = density
    ? `
  logic [${K * COUNT_BITS - 1}:0] nonzeros;
  for (genvar a = 0; a < ${K}; a++) begin : monitor
    heddle_monitor tap (
        .clk     (clk),
        .rst     (rst),
        .running (start[a]),
        .valid   (stream_valid[a]),
        .data    (stream_data[a*${beat}+:${beat}]),
        .nonzeros(nonzeros[a*${COUNT_BITS}+:${COUNT_BITS}])
    );
  end
`
    : ''
  return `// Scheduler with its host bus. Writes wait for bus_ready; only SUBMIT and CANCEL ever wait.
module heddle_top (
    input  logic clk,
    input  logic rst,
    // host bus, 32-bit words
    input  logic bus_write,
    input  logic [2:0] bus_addr,
    input  logic [31:0] bus_wdata,
    output logic bus_ready,
    output logic [31:0] bus_rdata,
    // accelerators
    input  logic [${K - 1}:0] done,
    input  logic [${K - 1}:0] done_exit,
${density ? `    input  logic [${K - 1}:0] stream_valid,\n    input  logic [${K * beat - 1}:0] stream_data,\n` : ''}    output logic [${K - 1}:0] start,
    output logic [${K * w.position - 1}:0] selected_tag
);
  localparam logic [2:0] TABLE_ROW = 3'd0, TABLE_WORD0 = 3'd1, TABLE_WORD1 = 3'd2, REQUEST = 3'd3, SUBMIT = 3'd4,
      CANCEL = 3'd5;

  logic [${w.time - 1}:0] now;
  logic [${w.row - 1}:0] row;
  logic [${w.position - 1}:0] tag;
  logic request_valid, request_ready, cancel_found, cancel_hit, settled;
  logic [${w.position}:0] occupancy;
  logic [15:0] misses;
  logic [${w.score - 1}:0] selected_score;

  assign request_valid = bus_write && (bus_addr == SUBMIT || bus_addr == CANCEL);
  assign bus_ready = !(bus_addr == SUBMIT || bus_addr == CANCEL) || request_ready;

  // One row register serves table writes (it steps after word 1) and requests.
  always_ff @(posedge clk) begin
    if (bus_write && (bus_addr == TABLE_ROW || bus_addr == REQUEST)) row <= bus_wdata[${w.row - 1}:0];
    else if (bus_write && bus_addr == TABLE_WORD1) row <= row + 1'b1;
    if (bus_write && bus_addr == REQUEST) tag <= bus_wdata[${16 + w.position - 1}:16];
    if (bus_write && bus_addr == CANCEL && request_ready) cancel_hit <= cancel_found;
  end

  logic unused_score;
  assign unused_score = |selected_score;

  always_comb begin
    case (bus_addr)
      3'd0: bus_rdata = 32'(now);
      3'd1: bus_rdata = {settled, cancel_hit, ${30 - w.position - 1}'d0, occupancy};
      3'd2: bus_rdata = {16'd0, misses};
      default: bus_rdata = '0;
    endcase
  end

  heddle_time_base time_base (
      .clk(clk),
      .rst(rst),
      .now(now)
  );
${monitors}
  heddle_scheduler scheduler (
      .clk             (clk),
      .rst             (rst),
      .now             (now),
      .table_we        ({bus_write && bus_addr == TABLE_WORD1, bus_write && bus_addr == TABLE_WORD0}),
      .table_row       (row),
      .table_data      (bus_wdata),
      .request_valid   (request_valid),
      .request_ready   (request_ready),
      .request_cancel  (bus_addr == CANCEL),
      .request_tag     (bus_addr == CANCEL ? bus_wdata[${w.position - 1}:0] : tag),
      .request_row     (row),
      .request_deadline(bus_wdata[${w.time - 1}:0]),
      .cancel_found    (cancel_found),
      .done            (done),
      .done_exit       (done_exit),
${density ? '      .nonzeros        (nonzeros),\n' : ''}      .start           (start),
      .selected_tag    (selected_tag),
      .occupancy       (occupancy),
      .misses          (misses),
      .settled         (settled),
      .selected_score  (selected_score)
  );
endmodule
`
}
