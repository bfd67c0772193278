import type { HardwareOptions } from '../hardware-options.js'
import type { Operation } from './operations.js'
import { usesDensity } from './record-layout.js'
import { tableWords } from './table-row.js'
import { COUNT_BITS, integerWidths } from './widths.js'

const CODES = {
  row: 1,
  submit: 2,
  cancel: 3,
  now: 4,
  settle: 5,
  finish: 6,
  start: 7,
  full: 8,
  reset: 9,
}

/** The operations as the memory file that {@link testBenchModule} reads: one 120-bit word per line. */
export function testBenchWords(operations: readonly Operation[]): string {
  return [...operations.map(wordOf), word(0, {})].map((text) => `${text}\n`).join('')
}

interface Fields {
  readonly accelerator?: number
  readonly flags?: number
  readonly tag?: number
  readonly row?: number
  readonly high?: number
  readonly low?: number
}

function word(code: number, f: Fields): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
  return [
    hex(code, 2),
    hex(f.accelerator ?? 0, 2),
    hex(f.flags ?? 0, 2),
    hex(f.tag ?? 0, 4),
    hex(f.row ?? 0, 4),
    hex(f.high ?? 0, 8),
    hex(f.low ?? 0, 8),
  ].join('_')
}

function wordOf(operation: Operation): string {
  const code = CODES[operation.kind]
  switch (operation.kind) {
    case 'row': {
      const [low, high] = tableWords(operation.row)
      return word(code, { row: operation.address, high, low })
    }
    case 'submit': {
      const f = operation.finishing
      return word(code, {
        tag: operation.tag,
        row: operation.row,
        low: operation.deadline,
        ...(f && {
          accelerator: f.accelerator,
          flags: f.exit ? 3 : 1,
          high: f.nonzeros,
        }),
      })
    }
    case 'cancel':
      return word(code, { tag: operation.tag, flags: operation.found ? 1 : 0 })
    case 'now':
      return word(code, { low: operation.now })
    case 'settle':
      return word(code, { high: operation.misses, low: operation.occupancy })
    case 'finish':
      return word(code, {
        accelerator: operation.accelerator,
        flags: operation.exit ? 3 : 1,
        high: operation.nonzeros,
      })
    case 'start':
      return word(code, {
        accelerator: operation.accelerator,
        tag: operation.tag,
        row: operation.withinClocks,
        high: Math.floor(operation.score / 2 ** 32),
        low: operation.score % 2 ** 32,
      })
    case 'full':
    case 'reset':
      return word(code, {})
  }
}

/** Self-checking test bench of the scheduler core; prints PASS with the number of decisions, or stops at the first difference. */
export function testBenchModule(options: HardwareOptions, words: number): string {
  const w = integerWidths(options)
  const K = options.accelerators
  const P = w.position
  const density = usesDensity(options)
  return `// Self-checking test bench: plays heddle_scheduler_tb.mem (made by the bit-accurate model) into the scheduler core.
// Run: iverilog -g2012 -o tb.vvp *.sv && vvp tb.vvp
\`timescale 1ns / 1ps
module heddle_scheduler_tb;
  localparam int WORDS = ${words};
  localparam int PATIENCE = ${4 * options.slots + 100};

  logic clk = 0;
  always #5 clk = !clk;

  logic rst = 1;
  logic [${w.time - 1}:0] now = 0;
  logic [1:0] table_we = 0;
  logic [${w.row - 1}:0] table_row = 0, request_row = 0;
  logic [31:0] table_data = 0;
  logic request_valid = 0, request_cancel = 0;
  wire request_ready, cancel_found, settled;
  logic [${P - 1}:0] request_tag = 0;
  logic [${w.time - 1}:0] request_deadline = 0;
  logic [${K - 1}:0] done = 0, done_exit = 0;
${density ? `  logic [${K * COUNT_BITS - 1}:0] nonzeros = 0;\n` : ''}  wire [${K - 1}:0] start;
  wire [${K * P - 1}:0] selected_tag;
  wire [${P}:0] occupancy;
  wire [15:0] misses;
  wire [${w.score - 1}:0] selected_score;

  heddle_scheduler dut (
      .clk(clk), .rst(rst), .now(now), .table_we(table_we), .table_row(table_row), .table_data(table_data),
      .request_valid(request_valid), .request_ready(request_ready), .request_cancel(request_cancel),
      .request_tag(request_tag), .request_row(request_row), .request_deadline(request_deadline),
      .cancel_found(cancel_found), .done(done), .done_exit(done_exit)${density ? ', .nonzeros(nonzeros)' : ''}, .start(start),
      .selected_tag(selected_tag), .occupancy(occupancy), .misses(misses), .settled(settled),
      .selected_score(selected_score)
  );

  // What has started since it was last looked at.
  logic [${K - 1}:0] seen = 0, start_before = 0;
  logic [${P - 1}:0] seen_tag[${K}];
  logic [${w.score - 1}:0] seen_score[${K}];
  integer seen_at[${K}], finished_at[${K}];
  integer clocks = 0, decisions = 0, longest = 0, at = 0, waited = 0, a = 0;

  task automatic fail(input string what);
    $display("FAIL at word %0d, clock %0d: %s", at, clocks, what);
    $fatal(1);
  endtask

  task automatic tick;
    @(posedge clk);
    #1;
    clocks = clocks + 1;
    for (int i = 0; i < ${K}; i++)
      if (start[i] && !start_before[i]) begin
        seen[i] = 1;
        seen_tag[i] = selected_tag[i*${P}+:${P}];
        seen_score[i] = selected_score;
        seen_at[i] = clocks;
      end
    start_before = start;
  endtask

  logic [119:0] program_words[0:WORDS-1];
  logic [119:0] op;
  logic [7:0] code, flags;
  logic [31:0] high, low;

  task automatic pulse_done;
    done = ${K}'(1) << a;
    done_exit = flags[1] ? ${K}'(1) << a : ${K}'(0);
${density ? `    nonzeros[a*${COUNT_BITS}+:${COUNT_BITS}] = high[${COUNT_BITS - 1}:0];\n` : ''}    finished_at[a] = clocks;
  endtask

  initial begin
    $readmemh("heddle_scheduler_tb.mem", program_words);
    tick;
    rst = 0;
    while (at < WORDS) begin
      op = program_words[at];
      code = op[119:112];
      a = op[111:104];
      flags = op[103:96];
      high = op[63:32];
      low = op[31:0];
      request_tag = op[${80 + P - 1}:80];
      waited = 0;
      case (code)
        8'd1: begin  // table row
          table_row = op[${64 + w.row - 1}:64];
          table_we = 2'b01;
          table_data = low;
          tick;
          table_we = 2'b10;
          table_data = high;
          tick;
          table_we = 2'b00;
        end
        8'd2: begin  // submit, perhaps in the clock in which a layer ends
          request_row = op[${64 + w.row - 1}:64];
          request_deadline = low[${w.time - 1}:0];
          #1;
          while (!request_ready) begin
            tick;
            waited = waited + 1;
            if (waited > PATIENCE) fail("request port never ready");
          end
          request_valid = 1;
          if (flags[0]) pulse_done;
          tick;
          request_valid = 0;
          done = 0;
          done_exit = 0;
        end
        8'd3: begin  // cancel
          request_valid = 1;
          request_cancel = 1;
          #1;
          while (!request_ready) begin
            tick;
            waited = waited + 1;
            if (waited > PATIENCE) fail("cancellation never answered");
          end
          if (cancel_found != flags[0]) fail("cancellation found the wrong thing");
          tick;
          request_valid = 0;
          request_cancel = 0;
        end
        8'd4: now = low[${w.time - 1}:0];
        8'd5: begin  // settle
          #1;
          while (!settled) begin
            tick;
            waited = waited + 1;
            if (waited > PATIENCE) fail("never settled");
          end
          if (32'(occupancy) != low || 32'(misses) != high) fail("occupancy or misses differ");
        end
        8'd6: begin  // end of a layer
          pulse_done;
          tick;
          done = 0;
          done_exit = 0;
        end
        8'd7: begin  // a start that must have happened
          while (!seen[a]) begin
            tick;
            waited = waited + 1;
            if (waited > PATIENCE) fail("no start");
          end
          seen[a] = 0;
          decisions = decisions + 1;
          if (seen_tag[a] != request_tag) fail("another request was started");
          if (64'(seen_score[a]) != {high, low}) fail("another score won");
          if (op[79:64] != 0) begin
            if (seen_at[a] - finished_at[a] > op[79:64]) fail("the decision took too long");
            if (seen_at[a] - finished_at[a] > longest) longest = seen_at[a] - finished_at[a];
          end
        end
        8'd8: begin  // full
          #1;
          if (request_ready) fail("request port ready although every slot is taken");
        end
        8'd9: begin  // reset in flight
          rst = 1;
          tick;
          rst = 0;
          seen = 0;
          if (start != 0 || occupancy != 0) fail("reset left something");
        end
        default: begin
          $display("PASS %0d decisions in %0d clocks, the longest took %0d", decisions, clocks, longest);
          $finish;
        end
      endcase
      at = at + 1;
    end
  end
endmodule
`
}
