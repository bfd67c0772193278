import type { HardwareOptions } from '../../hardware-options.js'
import { usesAge, usesDensity } from '../record-layout.js'
import {
  DURATION_BITS as D,
  COUNT_BITS,
  integerWidths,
  KAPPA_FRACTION_BITS,
  LATENCY_MANTISSA_BITS,
  SHARE_FRACTION_BITS,
  EXPONENT_BITS,
} from '../widths.js'

/**
 * The score pipeline of one policy. A record enters at stage 1 (its words registered at the end of it), its table row
 * at stage 2; the product of stage 3 leaves the shifter as a duration at stage 5, the score is valid in stage 7.
 */
export function scoreModule(options: HardwareOptions): string {
  const w = integerWidths(options)
  const density = usesDensity(options)
  const ports = [
    'input  logic clk',
    ...(density
      ? [
          `input  logic [${COUNT_BITS - 1}:0] factor1  // density sum, or the non-zero count when measuring`,
          `input  logic [${LATENCY_MANTISSA_BITS - 1}:0] mantissa2`,
          `input  logic [${EXPONENT_BITS - 1}:0] exponent2`,
        ]
      : []),
    ...(options.policy === 'sjf' || options.policy === 'fcfs'
      ? []
      : [`input  logic [${w.time - 1}:0] slack1`, 'input  logic late1']),
    ...(usesAge(options) || options.policy === 'fs' ? [`input  logic [${w.time - 1}:0] age1`] : []),
    ...(options.policy === 'dysta'
      ? [`input  logic [${w.kappa - 1}:0] kappa2`, `input  logic [${SHARE_FRACTION_BITS}:0] share`]
      : []),
    ...(density ? [`output logic [${D - 1}:0] duration5`] : []),
    `output logic [${w.score - 1}:0] score7`,
  ]
  return `// Score pipeline, policy ${options.policy}: one record per clock, no stall. The digit in a name is its pipeline stage.
${formulaComment(options)}
module heddle_score (
${portList(ports)}
);
${density ? durationBody() : ''}${policyBody(options)}endmodule
`
}

/** Joins port declarations, keeping trailing comments after the comma. */
function portList(ports: readonly string[]): string {
  return ports
    .map((port, i) => {
      const comma = i === ports.length - 1 ? '' : ','
      const comment = port.indexOf('//')
      return comment < 0
        ? `    ${port}${comma}`
        : `    ${port.slice(0, comment).trimEnd()}${comma}  ${port.slice(comment)}`
    })
    .join('\n')
}

function formulaComment(options: HardwareOptions): string {
  switch (options.policy) {
    case 'dysta':
      return `//   R = sigma * latency;  U = max(0, slack - R);  P = (wait * kappa) * (1/n);  score = R + beta * U + P
// in sub-ticks; kappa carries beta, the tick rate and the isolated time.`
    case 'fs':
      return `//   R = sigma * latency;  score = {slack < R, R * (executed + R)}: requests that can still meet their deadline first,
// then the smallest product of remaining and total time.`
    case 'sjf':
      return '//   score = R = sigma * latency, the estimated remaining time.'
    case 'edf':
      return '//   score = deadline - now, biased to an unsigned number.'
    case 'fcfs':
      return '//   score = all ones - (now - arrival): the oldest request has the smallest score.'
  }
}

/** sigma × latency word (or count × reciprocal word): multiply, shift by whole hexadecimal digits, saturate. */
function durationBody(): string {
  const product = COUNT_BITS + LATENCY_MANTISSA_BITS
  return `  logic [${COUNT_BITS - 1}:0] factor2, factor3;
  logic [${LATENCY_MANTISSA_BITS - 1}:0] mantissa3;
  logic [${EXPONENT_BITS - 1}:0] exponent3, exponent4;
  logic [${product - 1}:0] product4, shifted4;

  assign shifted4 = product4 >> {exponent4, 2'b00};

  always_ff @(posedge clk) begin
    factor2 <= factor1;
    factor3 <= factor2;
    mantissa3 <= mantissa2;
    exponent3 <= exponent2;
    product4 <= factor3 * mantissa3;
    exponent4 <= exponent3;
    duration5 <= |shifted4[${product - 1}:${D}] ? '1 : shifted4[${D - 1}:0];
  end

`
}

function policyBody(options: HardwareOptions): string {
  const w = integerWidths(options)
  const T = w.time
  switch (options.policy) {
    case 'dysta': {
      const wk = T + w.kappa
      const ppBits = wk - KAPPA_FRACTION_BITS
      const share = D + SHARE_FRACTION_BITS + 1
      const penalty =
        ppBits > D
          ? `|weighted4[${wk - 1}:${D + KAPPA_FRACTION_BITS}] ? '1 : weighted4[${D + KAPPA_FRACTION_BITS - 1}:${KAPPA_FRACTION_BITS}]`
          : `weighted4[${wk - 1}:${KAPPA_FRACTION_BITS}]`
      const betaBits = Math.max(1, Math.ceil(Math.log2(w.betaMantissa + 1)))
      return `  localparam logic [${betaBits - 1}:0] BETA = ${betaBits}'d${w.betaMantissa};  // beta = BETA / 2^${w.betaShift}
  logic [${T - 1}:0] age2, age3;
  logic [${w.kappa - 1}:0] kappa3;
  logic [${wk - 1}:0] weighted4;
  logic [${D - 1}:0] penalty5;
  logic [${share - 1}:0] shared6;
  logic [${T - 1}:0] slack2, slack3, slack4, slack5;
  logic late2, late3, late4, late5;
  logic [${D}:0] laxity5;
  logic [${D - 1}:0] laxity6;
  logic [${D - 1}:0] duration6;
  logic [${D + betaBits - 1}:0] urgency7;
  logic [${D}:0] sum7;

  logic unused_fractions;

  assign unused_fractions = &{weighted4[${KAPPA_FRACTION_BITS - 1}:0], urgency7[${w.betaShift - 1}:0], shared6[${SHARE_FRACTION_BITS - 1}:0]};
  assign laxity5 = {1'b0, slack5, ${w.fraction}'d0} - {1'b0, duration5};
  assign score7 = ${w.score}'(sum7) + ${w.score}'(urgency7[${D + betaBits - 1}:${w.betaShift}]);

  always_ff @(posedge clk) begin
    age2 <= age1;
    age3 <= age2;
    kappa3 <= kappa2;
    weighted4 <= age3 * kappa3;
    penalty5 <= ${penalty};
    shared6 <= penalty5 * share;
    {late2, slack2} <= {late1, slack1};
    {late3, slack3} <= {late2, slack2};
    {late4, slack4} <= {late3, slack3};
    {late5, slack5} <= {late4, slack4};
    laxity6 <= late5 || laxity5[${D}] ? '0 : laxity5[${D - 1}:0];
    duration6 <= duration5;
    urgency7 <= laxity6 * BETA;
    sum7 <= ${D + 1}'(duration6) + shared6[${share - 1}:${SHARE_FRACTION_BITS}];
  end
`
    }
    case 'fs':
      return `  logic [${T - 1}:0] age2, age3, age4, age5;
  logic [${T - 1}:0] slack2, slack3, slack4, slack5;
  logic late2, late3, late4, late5;
  logic [${D}:0] total5;
  logic late6, late7;
  logic [${D - 1}:0] duration6;
  logic [16:0] total6;
  logic [40:0] product7;
  logic unused_fraction;

  assign unused_fraction = |total5[${D - 18}:0];
  assign total5 = {1'b0, age5, ${w.fraction}'d0} + {1'b0, duration5};
  assign score7 = {late7, product7};

  always_ff @(posedge clk) begin
    age2 <= age1;
    age3 <= age2;
    age4 <= age3;
    age5 <= age4;
    {late2, slack2} <= {late1, slack1};
    {late3, slack3} <= {late2, slack2};
    {late4, slack4} <= {late3, slack3};
    {late5, slack5} <= {late4, slack4};
    late6 <= late5 || {slack5, ${w.fraction}'d0} < duration5;
    late7 <= late6;
    duration6 <= duration5;
    total6 <= total5[${D}] ? '1 : total5[${D - 1}:${D - 17}];
    product7 <= duration6 * total6;
  end
`
    case 'sjf':
      return `  logic [${D - 1}:0] duration6;

  always_ff @(posedge clk) begin
    duration6 <= duration5;
    score7 <= duration6;
  end
`
    case 'edf':
      return `  logic [${T - 1}:0] biased2, biased3, biased4, biased5, biased6, biased7;

  assign score7 = {biased7, ${w.fraction}'d0};

  always_ff @(posedge clk) begin
    biased2 <= late1 ? (slack1[${T - 1}] ? {1'b0, slack1[${T - 2}:0]} : '0) : {1'b1, slack1[${T - 2}:0]};
    biased3 <= biased2;
    biased4 <= biased3;
    biased5 <= biased4;
    biased6 <= biased5;
    biased7 <= biased6;
  end
`
    case 'fcfs':
      return `  logic [${T - 1}:0] age2, age3, age4, age5, age6, age7;

  assign score7 = ~{age7, ${w.fraction}'d0};

  always_ff @(posedge clk) begin
    age2 <= age1;
    age3 <= age2;
    age4 <= age3;
    age5 <= age4;
    age6 <= age5;
    age7 <= age6;
  end
`
  }
}
