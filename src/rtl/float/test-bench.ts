import type { HardwareOptions } from '../hardware-options.js'
import type { FloatRun } from './random-run.js'

/** The run as the memory file that {@link floatTestBenchModule} reads: one 144-bit word per line. */
export function floatTestBenchWords(run: FloatRun): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
  const lines = run.commands.map((c) =>
    [hex(1, 2), hex(c.control, 4), hex(0, 2), hex(0, 12), hex(0, 8), hex(c.data, 8)].join('_'),
  )
  for (const r of run.rounds) {
    lines.push(
      [
        hex(2, 2),
        hex(r.selected, 4),
        hex(r.finished ? 1 : 0, 2),
        hex(r.decisionClocks, 4) + hex(r.rescored.length, 4) + hex(r.busyClocks, 4),
        hex(r.nonzeros, 8),
        hex(r.gamma, 8),
      ].join('_'),
    )
    for (const s of r.rescored)
      lines.push(
        [hex(3, 2), hex(s.slot, 4), hex(0, 2), hex(0, 12), hex(0, 8), hex(s.score, 8)].join('_'),
      )
  }
  lines.push([hex(0, 2), hex(0, 4), hex(0, 2), hex(0, 12), hex(0, 8), hex(0, 8)].join('_'))
  return lines.map((line) => `${line}\n`).join('')
}

/** Self-checking test bench of the floating-point scheduler: selections, rates, scores and clocks of every round. */
export function floatTestBenchModule(options: HardwareOptions, words: number): string {
  const W = options.format === 'fp16' ? 16 : 32
  const D = Math.log2(options.slots)
  const { lanes, laneBits } = options
  return `// Self-checking test bench: plays heddle_scheduler_tb.mem (made by the bit-accurate model) into the scheduler.
// Run: iverilog -g2012 -o tb.vvp *.sv && vvp tb.vvp
\`timescale 1ns / 1ps
module heddle_scheduler_tb;
  localparam int WORDS = ${words};

  logic clk = 0;
  always #5 clk = !clk;

  logic rst = 1, in_vld = 0, compute_done_npu = 0, last_layer_done_npu = 0;
  logic [${lanes * laneBits - 1}:0] in_dat = 0;
  logic [3:0] request_control = 0;
  logic [31:0] request_data = 0;
  wire [${lanes * laneBits - 1}:0] out_dat;
  wire [${D - 1}:0] sel_task, score_slot;
  wire start_comp_npu, scheduler_rdy, score_we, rate_we;
  wire [${D}:0] occupancy;
  wire [31:0] clock;
  wire [${W - 1}:0] score, rate;

  heddle_scheduler dut (
      .clk(clk), .rst(rst), .in_dat(in_dat), .in_vld(in_vld), .out_dat(out_dat),
      .compute_done_npu(compute_done_npu), .last_layer_done_npu(last_layer_done_npu), .sel_task(sel_task),
      .start_comp_npu(start_comp_npu), .scheduler_rdy(scheduler_rdy), .request_control(request_control),
      .request_data(request_data), .occupancy(occupancy), .clock(clock), .score_we(score_we),
      .score_slot(score_slot), .score(score), .rate_we(rate_we), .rate(rate)
  );

  logic [143:0] program_words[0:WORDS-1];
  logic [143:0] op;
  integer at = 0, since = 0, left = 0, decisions = 0, scores = 0, waited = 0;

  task automatic fail(input string what);
    $display("FAIL at word %0d, clock %0d: %s", at, clock, what);
    $fatal(1);
  endtask

  task automatic tick;
    @(posedge clk);
    #1;
  endtask

  // Non-zero words on as many lanes as are left to send.
  task automatic stream;
    in_vld = 1;
    for (int i = 0; i < ${lanes}; i++) begin
      in_dat[i*${laneBits}+:${laneBits}] = left > 0 ? ${laneBits}'d1 : ${laneBits}'d0;
      if (left > 0) left = left - 1;
    end
  endtask

  initial begin
    $readmemh("heddle_scheduler_tb.mem", program_words);
    tick;
    rst = 0;
    tick;
    while (at < WORDS) begin
      op = program_words[at];
      waited = 0;
      case (op[143:136])
        8'd1: begin  // command
          request_control = op[123:120];
          request_data = op[31:0];
          #1;
          if (request_control[3] && !scheduler_rdy) fail("request port not ready");
          tick;
          request_control = 0;
          since = clock;
        end
        8'd2: begin  // decision, layer, rate
          while (!start_comp_npu) begin
            tick;
            waited = waited + 1;
            if (waited > 4000) fail("no start");
          end
          decisions = decisions + 1;
          if (16'(sel_task) != op[135:120]) fail("another slot was selected");
          if (clock - since != 32'(op[111:96])) fail("the decision took another time");
          left = op[63:32];
          for (int i = 0; i < op[79:64]; i++) begin
            stream;
            tick;
          end
          stream;
          if (left > 0) fail("the layer is too short for its non-zeros");
          compute_done_npu = 1;
          last_layer_done_npu = op[112];
          since = clock;
          tick;
          compute_done_npu = 0;
          in_vld = 0;
          while (!rate_we) begin
            tick;
            waited = waited + 1;
            if (waited > 4000) fail("no rate");
          end
          if (32'(rate) != op[31:0]) fail("another rate");
        end
        8'd3: begin  // score, in queue order
          while (!score_we) begin
            tick;
            waited = waited + 1;
            if (waited > 4000) fail("no score");
          end
          if (16'(score_slot) != op[135:120]) fail("another slot was scored");
          if (32'(score) != op[31:0]) fail("another score");
          scores = scores + 1;
          tick;
        end
        default: begin
          $display("PASS %0d decisions, %0d scores in %0d clocks", decisions, scores, clock);
          $finish;
        end
      endcase
      at = at + 1;
    end
  end
endmodule
`
}
