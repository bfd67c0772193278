import { describe, expect, test } from 'vitest'
import { hardwareOptions, integerModules } from '../../src/rtl/index.js'
import { hasYosys, yosys } from '../../src/toolchains/index.js'

const present = await hasYosys()
if (!present) console.log('skipped: @yowasp/yosys is not installed')

/** Clocks up to which every property is checked from reset. */
const DEPTH = 12

/**
 * What must always hold, as logic around the scheduler core. The environment is free but for two rules: an accelerator
 * reports completion only while it runs, and a request once offered stays. The score is free as well: whatever the
 * arithmetic says, the control must be right.
 */
function properties(slots: number): string {
  const P = Math.log2(slots)
  return `
module properties (
    input logic clk,
    input logic rst,
    input logic [15:0] now,
    input logic offer,
    input logic offer_cancel,
    input logic [${P - 1}:0] tag,
    input logic finish,
    input logic finish_early,
    output logic ok_state,
    output logic ok_start,
    output logic ok_count,
    output logic ok_ready
);
  logic ready, found, start, settled;
  logic [${P - 1}:0] selected;
  logic [${P}:0] occupancy;
  logic [15:0] misses;
  logic [25:0] score;
  logic [6:0] state;
  logic append, leave, busy;
  logic [${P - 1}:0] position;
  heddle_scheduler core (
      .clk(clk), .rst(rst), .now(now), .table_we(2'b00), .table_row('0), .table_data('0),
      .request_valid(offer), .request_ready(ready), .request_cancel(offer_cancel), .request_tag(tag),
      .request_row('0), .request_deadline('0), .cancel_found(found), .done(finish && start),
      .done_exit(finish_early), .nonzeros('0), .start(start), .selected_tag(selected),
      .occupancy(occupancy), .misses(misses), .settled(settled), .selected_score(score),
      .probe_state(state), .probe_append(append), .probe_leave(leave), .probe_busy(busy),
      .probe_position(position)
  );

  // Requests that came, less those that left: what the memory must hold. A completion leaves when it is answered.
  logic [${P}:0] expected;
  always_ff @(posedge clk) begin
    if (rst) expected <= '0;
    else expected <= expected + ${P + 1}'(append) - ${P + 1}'(leave);
  end

  // Nothing is promised before the first reset; resets in flight are free.
  logic seen;
  always_ff @(posedge clk) seen <= seen || rst;

  assign ok_state = !seen || (state != '0 && (state & (state - 7'd1)) == '0);
  assign ok_start = !seen || !start || ({1'b0, position} < occupancy && busy);
  assign ok_count = !seen || (occupancy == expected && occupancy <= ${P + 1}'d${slots});
  assign ok_ready = !seen || !(ready && offer && !offer_cancel) || occupancy < ${P + 1}'d${slots};
endmodule
`
}

/** The scheduler with the signals that the properties speak of as ports. */
function probed(text: string): string {
  const ports = `
    output logic [6:0] probe_state,
    output logic probe_append,
    output logic probe_leave,
    output logic probe_busy,
    output logic [1:0] probe_position,`
  const assigns = `
  assign probe_state = state;
  assign probe_append = append;
  assign probe_leave = s1_move;
  assign probe_busy = busy[0];
  assign probe_position = run_pos[0];
endmodule`
  return text
    .replace('module heddle_scheduler (', `module heddle_scheduler (${ports}`)
    .replace(/endmodule/, assigns)
}

describe.skipIf(!present)(
  `properties of the control hold for ${DEPTH} clocks from reset, whatever happens`,
  () => {
    test('states are one-hot, a start points at a held request, no request is lost, a full queue accepts nothing', async () => {
      const options = hardwareOptions({ slots: 4, rows: 64 })
      const modules = integerModules(options)
      const files = {
        ...Object.fromEntries(modules),
        'heddle_scheduler.sv': probed(modules.get('heddle_scheduler.sv') ?? ''),
        'properties.sv': properties(options.slots),
      }
      const script = `read_verilog -sv ${Object.keys(files).join(' ')}
hierarchy -top properties
cutpoint heddle_score heddle_scheduler/table_word0 heddle_scheduler/table_word1
proc
flatten
opt -full
memory_map
opt -fast
sat -set-init-zero -prove ok_state 1 -prove ok_start 1 -prove ok_count 1 -prove ok_ready 1 -tempinduct-baseonly -tempinduct -maxsteps ${DEPTH} -verify properties
`
      const { log } = await yosys(script, files)
      expect(log).not.toMatch(/failed|counterexample/i)
      expect(log).toMatch(/SUCCESS|proved|Reached maximum number of time steps/i)
    })
  },
)
