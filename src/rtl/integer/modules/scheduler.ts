// Longer than 300 lines: one hardware module, whose text a reader wants in one piece.
import type { HardwareOptions } from '../../hardware-options.js'
import { recordBits, recordFields, usesAge, usesDensity } from '../record-layout.js'
import { COUNT_BITS, integerWidths, SHARE_FRACTION_BITS, SIGMA_BITS } from '../widths.js'
import { recordComment } from './memories.js'

/** Clocks from a completion to the next start when nothing but the finished request had to be scored. */
export const HIDDEN_DECISION_CLOCKS = 13
/** A decision that scores n requests in the open takes at most n + this many clocks. */
export const VISIBLE_DECISION_CLOCKS = 12

/** Controller, request records, table and score pipeline: everything but time base, monitors and bus. */
export function schedulerModule(options: HardwareOptions): string {
  const w = integerWidths(options)
  const K = options.accelerators
  const T = w.time
  const P = w.position
  const density = usesDensity(options)
  const age = usesAge(options)
  const fs = options.policy === 'fs'
  const last = age || fs
  const names = recordFields(options).map((field) => field.name)
  const pack = (prefix: string): string =>
    [...names]
      .reverse()
      .map((name) => `${prefix}_${name}`)
      .join(', ')
  const declare = (prefix: string): string =>
    recordFields(options)
      .map((f) => `  logic ${f.bits === 1 ? '' : `[${f.bits - 1}:0] `}${prefix}_${f.name};`)
      .join('\n')
  const S = w.score

  return `// Scheduler core: ${options.slots} requests, ${K} accelerator${K === 1 ? '' : 's'}, policy ${options.policy}, ${T}-bit ticks.
//
${recordComment(options)}
//
// Records lie densely at positions 0 … occupancy-1; a record that leaves is overwritten by the last one. While the
// accelerators run, the waiting records are scored in the background ("scan") whenever time or the set has changed.
// At the end of a layer the finished record is measured, updated and scored alone, and wins against the best of the
// scan or not: ${HIDDEN_DECISION_CLOCKS} clocks. If the set changed since the last scan, the waiting records follow it through the pipeline:
// at most n + ${VISIBLE_DECISION_CLOCKS} clocks. Ties: the running request goes on, then the lowest position.
module heddle_scheduler (
    input  logic clk,
    input  logic rst,
    input  logic [${T - 1}:0] now,
    // table of (model, pattern, layer) rows; word 0: high bits of kappa, last, reciprocal exponent, latency exponent
    // and mantissa; word 1: low bits of kappa, reciprocal mantissa
    input  logic [1:0] table_we,
    input  logic [${w.row - 1}:0] table_row,
    input  logic [31:0] table_data,
    // requests: submit (tag, row, deadline) or cancel (tag)
    input  logic request_valid,
    output logic request_ready,
    input  logic request_cancel,
    input  logic [${P - 1}:0] request_tag,
    input  logic [${w.row - 1}:0] request_row,
    input  logic [${T - 1}:0] request_deadline,
    output logic cancel_found,  // valid with request_ready
    // accelerators
    input  logic [${K - 1}:0] done,  // pulse: the running layer is finished
    input  logic [${K - 1}:0] done_exit,  // with done: the request ends here, whatever the table says
${density ? `    input  logic [${K * COUNT_BITS - 1}:0] nonzeros,  // of the finished layer, stable from done to start\n` : ''}    output logic [${K - 1}:0] start,  // high while the accelerator runs
    output logic [${K * P - 1}:0] selected_tag,
    // status
    output logic [${P}:0] occupancy,
    output logic [15:0] misses,  // deadlines seen to pass, saturating
    output logic settled,  // every waiting record is scored at the current tick and no accelerator could start
    output logic [${S - 1}:0] selected_score  // of the request that starts, in the first clock of start
);
  // One-hot states of the controller.
  localparam int IDLE = 0, SCAN = 1, FIND = 2, MOVE = 3, COPY = 4, TURN = 5, DRAIN = 6;
  logic [6:0] state;

  logic [${P}:0] count, scan_pos;
  logic [${P - 1}:0] hole;
  logic [${T - 1}:0] scan_now;
  logic [2:0] turn_age;
  logic turn, leaving, rescored;
  logic [${K - 1}:0] busy, pending, exit_pending, run_last;
  logic [${K - 1}:0][${P - 1}:0] run_pos;
${fs ? `  logic [${K - 1}:0][${T - 1}:0] run_since;\n` : ''}  logic [${w.accelerator - 1}:0] who, next_done, next_free;

  // Best of the last complete scan, and best so far of what is in the pipeline.
  logic best_clean, best_valid, best_last, work_valid, work_last;
  logic [${P - 1}:0] best_pos, best_tag, work_pos, work_tag;
  logic [${S - 1}:0] best_score, work_score;

  // ---- which completion and which free accelerator is served next (lowest index first)
  logic [${K - 1}:0] waiting_done;
  logic any_done, any_free, exits;
  assign waiting_done = pending | done;
  assign any_done = |waiting_done;
  assign any_free = |(~busy);
  always_comb begin
    next_done = '0;
    next_free = '0;
    for (int a = ${K - 1}; a >= 0; a--) begin
      if (waiting_done[a]) next_done = ${w.accelerator}'(a);
      if (!busy[a]) next_free = ${w.accelerator}'(a);
    end
  end
  assign exits = exit_pending[next_done] || (done[next_done] && done_exit[next_done]);

  // ---- issue: what enters the pipeline in this clock
  logic take, issue_scan, issue_find, issue_move, issue_measure, issue_rescore;
  logic [${P - 1}:0] issue_pos;
  logic scan_left, append;
  assign scan_left = scan_pos != count;
  assign take = any_done && (state[IDLE] || state[SCAN] || state[FIND] || (state[DRAIN] && !turn));
  assign issue_measure = take;
  assign issue_rescore = state[TURN] && !leaving && turn_age == 3'd4;
  assign issue_move = state[MOVE] || (state[TURN] && leaving && turn_age == 3'd1);
  assign issue_scan = !take && scan_left &&
      (state[SCAN] || (state[TURN] && !best_clean && !issue_rescore && (!leaving || turn_age >= 3'd3)));
  assign issue_find = !take && scan_left && state[FIND];
  assign issue_pos = take ? run_pos[next_done]
      : issue_rescore ? run_pos[who]
      : issue_move ? ${P}'(count - 1'b1)
      : ${P}'(scan_pos);

  // ---- stage 1: the record is here; its successor is written back
  logic s1_scan, s1_find, s1_move, s1_measure, s1_rescore, locked1;
  logic [${P - 1}:0] s1_pos;
${declare('rec')}
${declare('new')}
  logic [${recordBits(options) - 1}:0] record_read, record_write;
  logic record_we;
  logic [${P - 1}:0] record_waddr;
  logic [${T - 1}:0] slack1;
  logic late1;
${last ? `  logic [${T - 1}:0] age1;\n` : ''}${age ? `  logic [${T - 1}:0] waited1;\n  logic old1;\n` : ''}${fs ? `  logic [${T - 1}:0] executed1;\n` : ''}${
    density
      ? `  logic [${COUNT_BITS}:0] sigma_sum1;\n  logic [${COUNT_BITS - 1}:0] factor1, measured5;\n  logic [${SIGMA_BITS - 1}:0] sigma1;\n`
      : ''
  }
  assign {${pack('rec')}} = record_read;
  always_comb begin
    locked1 = 1'b0;
    for (int a = 0; a < ${K}; a++) if (busy[a] && run_pos[a] == s1_pos) locked1 = 1'b1;
  end
  assign slack1 = rec_deadline - scan_now;
  assign late1 = rec_missed || slack1[${T - 1}];
${age ? `  assign waited1 = scan_now - rec_last;\n` : ''}${
    age
      ? options.policy === 'dysta'
        ? `  assign old1 = !s1_rescore && (rec_aged || waited1[${T - 1}]);
  assign age1 = s1_rescore ? '0 : old1 ? '1 : waited1;
`
        : `  assign old1 = rec_aged || waited1[${T - 1}];
  assign age1 = old1 ? '1 : waited1;
`
      : ''
  }${fs ? `  assign executed1 = rec_last + (scan_now - run_since[who]);\n  assign age1 = new_last;\n` : ''}${
    density
      ? `  assign sigma_sum1 = {1'b0, measured5} + (rec_first ? '0 : {${COUNT_BITS - SIGMA_BITS + 1}'d0, rec_sigma});
  assign sigma1 = |sigma_sum1[${COUNT_BITS}:${SIGMA_BITS}] ? '1 : sigma_sum1[${SIGMA_BITS - 1}:0];
  assign factor1 = s1_measure ? nonzeros[who*${COUNT_BITS}+:${COUNT_BITS}] : {${COUNT_BITS - SIGMA_BITS}'d0, new_sigma};
`
      : ''
  }
  always_comb begin
    {${pack('new')}} = record_read;
    if (s1_scan || s1_rescore) begin
      new_missed = late1;
${age ? '      new_aged = old1;\n' : ''}    end
    if (s1_rescore) begin
      new_row = rec_row + 1'b1;
${
  density
    ? `      new_sigma = sigma1;
      new_first = 1'b0;
`
    : ''
}${options.policy === 'dysta' ? '      new_last = scan_now;\n' : ''}${fs ? '      new_last = executed1;\n' : ''}    end
    if (append) begin
      {${pack('new')}} = '0;
      new_tag = request_tag;
      new_row = request_row;
      new_deadline = request_deadline;
${age ? '      new_last = now;\n' : ''}${density ? `      new_sigma = ${SIGMA_BITS}'d16384;\n      new_first = 1'b1;\n` : ''}    end
  end
  assign append = request_valid && !request_cancel && request_ready;
  assign record_write = {${pack('new')}};
  assign record_we = append || s1_move || s1_rescore || (s1_scan && !locked1);
  assign record_waddr = append ? ${P}'(count) : s1_move ? hole : s1_pos;

  heddle_memory #(
      .DEPTH(${options.slots}),
      .WIDTH(${recordBits(options)})
  ) records (
      .clk  (clk),
      .we   (record_we),
      .waddr(record_waddr),
      .wdata(record_write),
      .raddr(issue_pos),
      .rdata(record_read)
  );

${unusedBits(options)}  // ---- stage 2: the table row is here
  logic [${word0Bits(options) - 1}:0] word0;
${density ? `  logic [${options.policy === 'dysta' ? 31 : 15}:0] word1;\n` : ''}${tableInstances(options)}
  // ---- stages 2 to 7: flags, position, tag, row and last-layer bit travel beside the score
  logic [7:2] in_scan, in_own;
  logic [${P - 1}:0] pos_at[2:7], tag_at[2:7];
  logic [7:3] last_at;
${density ? '  logic s2_measure;\n' : ''}  logic in_flight;
  logic [${S - 1}:0] score7;
  assign in_flight = s1_scan || s1_find || s1_move || s1_measure || s1_rescore || |in_scan || |in_own;

  always_ff @(posedge clk) begin
    s1_pos <= issue_pos;
${density ? '    s2_measure <= s1_measure;\n' : ''}    pos_at[2] <= s1_pos;
    tag_at[2] <= rec_tag;
    last_at[3] <= word0[${density ? 23 : 0}];
    for (int s = 3; s <= 7; s++) begin
      pos_at[s] <= pos_at[s-1];
      tag_at[s] <= tag_at[s-1];
    end
    for (int s = 4; s <= 7; s++) last_at[s] <= last_at[s-1];
  end
  always_ff @(posedge clk) begin
    if (rst || take) begin
      {s1_scan, s1_find, s1_move, s1_rescore} <= '0;
      s1_measure <= !rst;
      in_scan <= '0;
      in_own <= '0;
    end else begin
      s1_scan <= issue_scan;
      s1_find <= issue_find;
      s1_move <= issue_move;
      s1_measure <= issue_measure;
      s1_rescore <= issue_rescore;
      in_scan <= {in_scan[6:2], s1_scan && !locked1};
      in_own <= {in_own[6:2], s1_rescore};
    end
  end

${options.policy === 'dysta' ? shareBody(options) : ''}${scoreInstance(options)}
  // ---- stage 7: running minimum
  logic better7;
  assign better7 = (in_scan[7] && (!work_valid || score7 < work_score)) ||
      (in_own[7] && (!work_valid || score7 <= work_score));

  // ---- commands and completions
  logic found1, find_over, begin_find;
  assign begin_find = state[IDLE] && !any_done && request_valid && request_cancel;
  assign found1 = s1_find && rec_tag == request_tag;
  assign find_over = state[FIND] && !scan_left && !s1_find;
  assign request_ready = request_cancel
      ? !take && (find_over || state[COPY] || (state[FIND] && found1 && locked1))
      : state[IDLE] && !count[${P}];
  assign cancel_found = !find_over;
  assign occupancy = count;
  assign selected_score = work_score;
  assign settled = state[IDLE] && !any_done && !append && !begin_find && (count == '0 ||
      (best_clean && scan_now == now && !(any_free && best_valid)));

  // Moving the last record into a hole moves whoever points at it.
  logic moving;
  logic [${P - 1}:0] moved_pos;
  assign moving = s1_move;
  assign moved_pos = ${P}'(count - 1'b1);

  logic commit_turn, commit_scan, start_idle, begin_scan, recall;
  assign recall = start_idle || (state[TURN] && turn_age == 3'd3);
  assign commit_turn = state[DRAIN] && turn && !in_flight;
  assign commit_scan = state[DRAIN] && !turn && !in_flight && !take;
  assign start_idle = state[IDLE] && !any_done && !append && !begin_find && any_free && best_clean && best_valid;
  assign begin_scan = state[IDLE] && !any_done && !append && !begin_find && !start_idle && count != '0 &&
      (!best_clean || scan_now != now);

  always_ff @(posedge clk) begin
    if (rst) begin
      state <= 7'd1 << IDLE;
      count <= '0;
      misses <= '0;
      busy <= '0;
      pending <= '0;
      exit_pending <= '0;
      start <= '0;
      best_clean <= 1'b0;
      best_valid <= 1'b0;
      turn <= 1'b0;
    end else begin
      pending <= pending | done;
      exit_pending <= exit_pending | (done & done_exit);
      start <= start & ~done;
      turn_age <= turn_age == 3'd7 ? turn_age : turn_age + 1'b1;
      if (issue_scan || issue_find) scan_pos <= scan_pos + 1'b1;
      if (issue_rescore) rescored <= 1'b1;

      if (better7) begin
        work_valid <= 1'b1;
        work_pos <= pos_at[7];
        work_tag <= tag_at[7];
        work_last <= last_at[7];
        work_score <= score7;
      end

      if (recall) begin
        work_valid <= best_clean && best_valid;
        work_pos <= best_pos;
        work_tag <= best_tag;
        work_last <= best_last;
        work_score <= best_score;
      end

      if (slack1[${T - 1}] && !rec_missed && misses != '1 &&
          ((s1_scan && !locked1) || s1_rescore || (s1_measure && leaving)))
        misses <= misses + 1'b1;

      if (append) begin
        count <= count + 1'b1;
        best_clean <= 1'b0;
      end

      if (state[SCAN] && !scan_left) state <= 7'd1 << DRAIN;
      if (begin_scan) begin
        state <= 7'd1 << SCAN;
        turn <= 1'b0;
        scan_pos <= '0;
        scan_now <= now;
        work_valid <= 1'b0;
      end
      if (commit_scan) begin
        state <= 7'd1 << IDLE;
        best_clean <= 1'b1;
        best_valid <= work_valid;
        best_pos <= work_pos;
        best_tag <= work_tag;
        best_last <= work_last;
        best_score <= work_score;
      end

      // cancellation: look for the tag; a running request ends with its layer, a waiting one leaves at once
      if (begin_find) begin
        state <= 7'd1 << FIND;
        scan_pos <= '0;
      end
      if (state[FIND] && found1 && !take) begin
        state <= locked1 ? 7'd1 << IDLE : 7'd1 << MOVE;
        hole <= s1_pos;
        best_clean <= 1'b0;
        for (int a = 0; a < ${K}; a++) if (busy[a] && run_pos[a] == s1_pos) run_last[a] <= 1'b1;
      end else if (find_over) state <= 7'd1 << IDLE;
      if (state[MOVE]) state <= 7'd1 << COPY;
      if (state[COPY]) state <= 7'd1 << IDLE;
      if (moving) begin
        count <= count - 1'b1;
        for (int a = 0; a < ${K}; a++) if (run_pos[a] == moved_pos) run_pos[a] <= hole;
        if (best_pos == moved_pos) best_pos <= hole;
      end

      // end of a layer
      if (take) begin
        state <= 7'd1 << TURN;
        turn <= 1'b1;
        turn_age <= 3'd1;
        rescored <= 1'b0;
        scan_pos <= '0;
        scan_now <= now;
        who <= next_done;
        hole <= run_pos[next_done];
        leaving <= run_last[next_done] || exits;
        if (exits && !run_last[next_done]) best_clean <= 1'b0;
        pending[next_done] <= 1'b0;
        exit_pending[next_done] <= 1'b0;
      end
      if (state[TURN]) begin
        if (leaving && turn_age == 3'd2) busy[who] <= 1'b0;
        if ((leaving ? turn_age >= 3'd3 : rescored) && (best_clean || !scan_left)) state <= 7'd1 << DRAIN;
      end
      if (commit_turn) begin
        state <= 7'd1 << IDLE;
        best_clean <= 1'b0;
        busy[who] <= work_valid;
        start[who] <= work_valid;
        run_pos[who] <= work_pos;
        run_last[who] <= work_last;
        selected_tag[who*${P}+:${P}] <= work_tag;
${fs ? '        run_since[who] <= now;\n' : ''}      end
      // a free accelerator takes the best of the last scan
      if (start_idle) begin
        state <= 7'd1 << DRAIN;
        turn <= 1'b1;
        who <= next_free;
      end
    end
  end
endmodule
`
}

/** Width of table word 0: the last-layer bit alone, or latency, exponents, and what of kappa does not fit word 1. */
function word0Bits(options: HardwareOptions): number {
  if (!usesDensity(options)) return 1
  return options.policy === 'dysta' ? 24 + integerWidths(options).kappa - 16 : 24
}

function kappaBits(options: HardwareOptions): string {
  const high = word0Bits(options) - 1
  return high > 23 ? `{word0[${high}:24], word1[31:16]}` : 'word1[31:16]'
}

function tableInstances(options: HardwareOptions): string {
  const one = (
    index: number,
    width: number,
    data: string,
    out: string,
  ): string => `  heddle_memory #(
      .DEPTH(${options.rows}),
      .WIDTH(${width})
  ) table_word${index} (
      .clk  (clk),
      .we   (table_we[${index}]),
      .waddr(table_row),
      .wdata(${data}),
      .raddr(new_row),
      .rdata(${out})
  );
`
  if (!usesDensity(options)) return one(0, 1, 'table_data[23]', 'word0')
  return (
    one(0, word0Bits(options), `table_data[${word0Bits(options) - 1}:0]`, 'word0') +
    (options.policy === 'dysta'
      ? one(1, 32, 'table_data', 'word1')
      : one(1, 16, 'table_data[15:0]', 'word1'))
  )
}

function scoreInstance(options: HardwareOptions): string {
  const density = usesDensity(options)
  const lines = ['.clk      (clk)']
  if (density)
    lines.push(
      '.factor1  (factor1)',
      ".mantissa2(s2_measure ? {1'b0, word1[15:0]} : word0[16:0])",
      '.exponent2(s2_measure ? word0[22:20] : word0[19:17])',
    )
  if (options.policy !== 'sjf' && options.policy !== 'fcfs')
    lines.push('.slack1   (slack1)', '.late1    (late1)')
  if (usesAge(options) || options.policy === 'fs') lines.push('.age1     (age1)')
  if (options.policy === 'dysta')
    lines.push(`.kappa2   (${kappaBits(options)})`, '.share    (share)')
  if (density) lines.push('.duration5(measured5)')
  lines.push('.score7   (score7)')
  return `  heddle_score score (\n${lines.map((line) => `      ${line}`).join(',\n')}\n  );\n`
}

/** 1/n of the candidates: the waiting requests, and the running one if it will come back. */
function shareBody(options: HardwareOptions): string {
  const w = integerWidths(options)
  const P = w.position
  const entries = Array.from(
    { length: options.slots },
    (_, i) =>
      `      ${P}'d${i}: share <= ${SHARE_FRACTION_BITS + 1}'d${shareWord(i === 0 ? options.slots : i)};`,
  )
  const K = options.accelerators
  const terms = Array.from({ length: K }, (_, a) => `${P + 1}'(busy[${a}])`).join(' + ')
  return `  // ---- 1/n, n = waiting requests plus the running one if it will come back (the code ${P}'d0 stands for ${options.slots})
  logic [${P - 1}:0] candidates;
  logic [${SHARE_FRACTION_BITS}:0] share;
  always_ff @(posedge clk) begin
    candidates <= ${P}'(count - (${terms}) + ${P + 1}'(|(busy & ~run_last)));
    case (candidates)
${entries.join('\n')}
    endcase
  end

`
}

/** The word that stands for 1/n. */
export function shareWord(n: number): number {
  return Math.round(2 ** SHARE_FRACTION_BITS / n)
}

/** Names the bits that this policy has no use for, so that lint knows they are meant. */
function unusedBits(options: HardwareOptions): string {
  if (options.policy === 'dysta') return ''
  const bits: string[] = []
  if (!usesDensity(options)) bits.push('table_we[1]', 'table_data[31:24]', 'table_data[22:0]')
  else bits.push('table_data[31:24]')
  if (options.policy === 'sjf' || options.policy === 'fcfs')
    bits.push(`slack1[${integerWidths(options).time - 2}:0]`)
  return `  logic unused_bits;
  assign unused_bits = &{1'b0, ${bits.join(', ')}};

`
}
