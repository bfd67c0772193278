import type { HardwareOptions } from '../../hardware-options.js'
import { floatArithmetic } from '../score-unit.js'
import { floatBits } from '../ieee.js'

/** Layers that the published table address leaves for one (model, pattern). */
export const LAYERS_PER_TABLE = 50
const SCORE_CLOCKS = 10
const RATE_CLOCKS = 6

/** Controller, slot memories and tables of the floating-point design; clock for clock the published sequence. */
export function floatSchedulerModule(options: HardwareOptions): string {
  const W = options.format === 'fp16' ? 16 : 32
  const { format } = floatArithmetic(W, options.beta)
  const D = Math.log2(options.slots)
  const R = Math.log2(options.rows)
  const beat = options.lanes * options.laneBits
  const one = floatBits(format, 1)
  const shared = options.compute === 'shared'
  return `// Scheduler of the published micro-architecture, repaired: ${options.slots} slots, FP${W}, ${options.compute} compute unit.
//
// After each layer: linear rate of the finished request from its non-zero count, then a score for every queue entry
// (one per clock), then a pass that finds the strict minimum (ties: lowest queue index). 23 + 2n clocks from
// compute_done_npu to start_comp_npu; n + 2 when the queue was idle.
module heddle_scheduler (
    input  logic clk,
    input  logic rst,
    input  logic [${beat - 1}:0] in_dat,
    input  logic in_vld,
    output logic [${beat - 1}:0] out_dat,
    input  logic compute_done_npu,
    input  logic last_layer_done_npu,
    output logic [${D - 1}:0] sel_task,
    output logic start_comp_npu,
    output logic scheduler_rdy,
    input  logic [3:0] request_control,
    input  logic [31:0] request_data,
    output logic [${D}:0] occupancy,
    output logic [31:0] clock,
    // for verification: the scores and the linear rate as they are stored
    output logic score_we,
    output logic [${D - 1}:0] score_slot,
    output logic [${W - 1}:0] score,
    output logic rate_we,
    output logic [${W - 1}:0] rate
);
  localparam logic [3:0] TABLE = 4'b0001, LATENCY = 4'b0010, DENSITY = 4'b0011, ISOLATION = 4'b0100, SHAPE = 4'b0101,
      OPEN = 4'b1000, DEADLINE = 4'b1001, SCORE = 4'b1010;
  localparam int S_IDLE = 0, S_SELECT = 1, S_EXECUTE = 2, S_RATE = 3, S_SCORE = 4;
  logic [4:0] state;

  logic [${D}:0] count, scan, written;
  logic [${D - 1}:0] active, open_slot;
  logic [3:0] age;
  logic running, done, last_layer, any_best;
  logic [${D - 1}:0] active_index;
  logic [${W - 1}:0] best;
  logic command;

${W === 16 ? `  logic unused_data;\n  assign unused_data = |request_data[31:16];\n\n` : ''}  // The request port waits while the slot memories are rewritten, and in the clock in which a layer ends.
  assign done = compute_done_npu && running && state[S_EXECUTE];
  assign scheduler_rdy = !state[S_RATE] && !state[S_SCORE] && !done && !count[${D}];
  assign command = scheduler_rdy && request_control[3];
  assign start_comp_npu = running;
  assign sel_task = active;
  assign occupancy = count;

  always_ff @(posedge clk) begin
    if (rst) clock <= '0;
    else clock <= clock + 1'b1;
  end

  // ---- monitor
  logic [23:0] nonzeros;
  heddle_monitor monitor (
      .clk     (clk),
      .rst     (rst),
      .running (running),
      .valid   (in_vld),
      .data    (in_dat),
      .nonzeros(nonzeros)
  );
  always_ff @(posedge clk) out_dat <= in_dat;

  // ---- tables: written at the pointer, read at the row of the slot in question
  logic [${R - 1}:0] pointer, table_row;
  logic [${W - 1}:0] latency, density, isolation, shape;
  function automatic logic [${R - 1}:0] base(input logic [4:0] model, input logic [1:0] pattern);
    // (4 model + pattern) * ${LAYERS_PER_TABLE} as 32 + 16 + 2
    logic [13:0] pair;
    pair = {7'd0, model, pattern};
    base = ${R}'((pair << 5) + (pair << 4) + (pair << 1));
  endfunction
  always_ff @(posedge clk) begin
    if (request_control == TABLE) pointer <= base(request_data[4:0], request_data[6:5]);
    else if (request_control == SHAPE) pointer <= pointer + 1'b1;
  end
${['latency', 'density', 'isolation', 'shape']
  .map(
    (name) => `  heddle_memory #(
      .DEPTH(${options.rows}),
      .WIDTH(${W})
  ) table_${name} (
      .clk  (clk),
      .we   (request_control == ${name.toUpperCase()}),
      .waddr(pointer),
      .wdata(request_data[${W - 1}:0]),
      .raddr(table_row),
      .rdata(${name})
  );
`,
  )
  .join('')}
  // ---- slots: one write and one asynchronous read port each, and the queue of slot numbers
  logic [${D - 1}:0] slot;
  logic [${D - 1}:0] queue[${options.slots}];
  logic [${R - 1}:0] rows[${options.slots}];
  logic [${W - 1}:0] deadlines[${options.slots}], lasts[${options.slots}], gammas[${options.slots}], scores[${options.slots}];
  logic [${D - 1}:0] queue_at;
  assign queue_at = (state[S_RATE] ? ${D}'(count - 1'b1) : ${D}'(scan));
  logic [${D - 1}:0] queued;
  logic [${W - 1}:0] deadline_at, last_at, gamma_at, score_at;
  assign queued = queue[queue_at];
  assign slot = state[S_EXECUTE] || state[S_RATE] ? active : queued;
  assign table_row = rows[slot];
  assign deadline_at = deadlines[slot];
  assign last_at = lasts[slot];
  assign gamma_at = gammas[slot];
  assign score_at = scores[slot];

  logic rate_valid, rate_end;
  logic queue_we, row_we, last_we, gamma_we;
  assign rate_we = rate_valid;
  assign queue_we = command && request_control == SCORE;
  assign row_we = (command && request_control == OPEN) || rate_valid;
  assign last_we = (command && request_control == DEADLINE) || done;
  assign gamma_we = (command && request_control == DEADLINE) || rate_valid;
  assign rate_end = rate_valid && last_layer;
  always_ff @(posedge clk) begin
    if (queue_we || rate_end) queue[rate_end ? active_index : ${D}'(count)] <= rate_end ? queued : open_slot;
    if (row_we) rows[rate_valid ? active : request_data[${D + 6}:7]] <=
        rate_valid ? table_row + 1'b1 : base(request_data[4:0], request_data[6:5]);
    if (command && request_control == DEADLINE) deadlines[open_slot] <= request_data[${W - 1}:0];
    if (last_we) lasts[done ? active : open_slot] <= clock[${W - 1}:0];
    if (gamma_we) gammas[rate_valid ? active : open_slot] <= rate_valid ? rate : ${W}'h${one.toString(16)};
    if (queue_we || score_we) scores[score_we ? score_slot : open_slot] <= score_we ? score : request_data[${W - 1}:0];
  end

  // ---- score unit; slot words are registered while the table is read
  logic issue, unit_score, unit_rate;
  logic [${W - 1}:0] deadline_1, last_1, gamma_1;
  logic [${SCORE_CLOCKS}:1] score_flags;
  logic [${RATE_CLOCKS}:1] rate_flags;
  logic [${(SCORE_CLOCKS + 1) * D - 1}:0] score_slots;
  assign issue = state[S_SCORE] && scan != count;
  always_ff @(posedge clk) begin
    deadline_1 <= deadline_at;
    last_1 <= last_at;
    gamma_1 <= gamma_at;
    unit_score <= issue && !rst;
    unit_rate <= state[S_RATE] && age == 4'd0 && !rst;
    score_flags <= rst ? '0 : {score_flags[${SCORE_CLOCKS - 1}:1], unit_score};
    rate_flags <= rst ? '0 : {rate_flags[${RATE_CLOCKS - 1}:1], unit_rate};
    score_slots <= {score_slots[${SCORE_CLOCKS * D - 1}:0], slot};
  end
  assign score_we = score_flags[${SCORE_CLOCKS}];
  assign rate_valid = rate_flags[${RATE_CLOCKS}];
  assign score_slot = score_slots[${(SCORE_CLOCKS + 1) * D - 1}:${SCORE_CLOCKS * D}];
  heddle_score_unit unit (
      .clk               (clk),
${shared ? '      .mode              (state[S_RATE]),\n' : ''}      .now               (clock[${W - 1}:0]),
      .last              (last_1),
      .deadline          (deadline_1),
      .kappa             (isolation),
      .latency           (latency),
      .gamma             (gamma_1),
      .nonzeros          (nonzeros),
      .reciprocal_shape  (shape),
      .reciprocal_density(density),
      .rate              (rate),
      .score             (score)
  );

  // ---- controller
  always_ff @(posedge clk) begin
    if (rst) begin
      state <= 5'd1 << S_IDLE;
      count <= '0;
      running <= 1'b0;
    end else begin
      running <= state[S_EXECUTE] && !done;
      age <= age + 1'b1;
      if (command && request_control == OPEN) open_slot <= request_data[${D + 6}:7];
      if (queue_we) count <= count + 1'b1;
      if (score_we) written <= written + 1'b1;

      if (state[S_IDLE]) begin
        scan <= '0;
        any_best <= 1'b0;
        if (count != '0 && request_control == '0) state <= 5'd1 << S_SELECT;
      end
      if (state[S_SELECT]) begin
        scan <= scan + 1'b1;
        if (!any_best || score_at < best) begin
          any_best <= 1'b1;
          best <= score_at;
          active <= slot;
          active_index <= ${D}'(scan);
        end
        if (scan + 1'b1 == count) state <= 5'd1 << S_EXECUTE;
      end
      if (done) begin
        state <= 5'd1 << S_RATE;
        last_layer <= last_layer_done_npu;
        age <= '0;
      end
      if (rate_valid) begin
        state <= 5'd1 << S_SCORE;
        if (last_layer) count <= count - 1'b1;
        scan <= '0;
        written <= '0;
      end
      if (state[S_SCORE]) begin
        if (issue) scan <= scan + 1'b1;
        if (written == count) state <= 5'd1 << S_IDLE;
      end
    end
  end
endmodule
`
}
