import type { HardwareOptions } from '../../hardware-options.js'
import { floatArithmetic } from '../score-unit.js'

/** Bits of the integer that is converted: a cost, or a non-zero count. */
export function convertedBits(width: 16 | 32): number {
  return width === 16 ? 24 : 32
}

/**
 * The score and linear-rate data paths: one score per clock after 10 clocks, one rate after 6. In the shared unit the
 * converter and both multipliers serve either mode, so only one of the two may be in flight.
 */
export function scoreUnitModule(options: HardwareOptions): string {
  const W = options.format === 'fp16' ? 16 : 32
  const { isolationFraction: F, beta } = floatArithmetic(W, options.beta)
  const N = convertedBits(W)
  const shared = options.compute === 'shared'
  const P = 2 * W - F
  return `// Score unit, FP${W}, ${shared ? 'one data path for both modes' : 'a data path for each mode'}.
//   score (10 clocks): cost = max(0, deadline - now) + ((now - last) * kappa >> ${F}), saturated;
//                      (beta x fp(cost)) + (gamma x latency)
//   rate   (6 clocks): (fp(non-zeros) x 1/outputs) x 1/density
module heddle_score_unit (
    input  logic clk,
${shared ? "    input  logic mode,  // 1 = rate; the other mode's pipeline must be empty\n" : ''}    input  logic [${W - 1}:0] now,
    input  logic [${W - 1}:0] last,
    input  logic [${W - 1}:0] deadline,
    input  logic [${W - 1}:0] kappa,
    input  logic [${W - 1}:0] latency,
    input  logic [${W - 1}:0] gamma,
    input  logic [23:0] nonzeros,
    input  logic [${W - 1}:0] reciprocal_shape,
    input  logic [${W - 1}:0] reciprocal_density,
    output logic [${W - 1}:0] rate,
    output logic [${W - 1}:0] score
);
  localparam logic [${W - 1}:0] BETA = ${W}'h${beta.toString(16)};

  // clock 1: differences; clock 2: product and clamp; clock 3: sum, saturated at both ends
  logic signed [${W - 1}:0] wait1, slack1, kappa1;
  logic signed [${2 * W - 1}:0] product2;
  logic [${W - 2}:0] slack2;
  logic signed [${P}:0] sum2;
  logic [${W - 2}:0] cost3;
  assign sum2 = $signed({{${P - W + 2}{1'b0}}, slack2}) + $signed({product2[${2 * W - 1}], product2[${2 * W - 1}:${F}]});
  logic unused_fraction;
  assign unused_fraction = |product2[${F - 1}:0];
  always_ff @(posedge clk) begin
    wait1 <= now - last;
    slack1 <= deadline - now;
    kappa1 <= kappa;
    product2 <= ${2 * W}'(wait1) * ${2 * W}'(kappa1);
    slack2 <= slack1[${W - 1}] ? '0 : slack1[${W - 2}:0];
    cost3 <= sum2[${P}] ? '0 : |sum2[${P - 1}:${W - 1}] ? '1 : sum2[${W - 2}:0];
  end

  // gamma and latency wait five clocks, so that both products meet in the adder
${delay('gamma', W, 5)}${delay('latency', W, 5)}
${delay('reciprocal_shape', W, 2)}${delay('reciprocal_density', W, 4)}
${shared ? sharedPaths(W, N) : separatePaths(W, N)}endmodule
`
}

function delay(name: string, bits: number, clocks: number): string {
  const stages = Array.from({ length: clocks }, (_, i) => `${name}_${i + 1}`)
  const moves = stages.map((stage, i) => `    ${stage} <= ${i === 0 ? name : stages[i - 1]};`)
  return `  logic [${bits - 1}:0] ${stages.join(', ')};
  always_ff @(posedge clk) begin
${moves.join('\n')}
  end
`
}

function instance(module: string, name: string, ports: Readonly<Record<string, string>>): string {
  const list = Object.entries({ clk: 'clk', ...ports }).map(
    ([port, net]) => `      .${port}(${net})`,
  )
  return `  ${module} ${name} (\n${list.join(',\n')}\n  );\n`
}

function sharedPaths(W: number, N: number): string {
  return `  logic [${W - 1}:0] number, first, second;
${instance('heddle_to_float', 'convert', {
  x: `mode ? ${N === 24 ? 'nonzeros' : `${N}'(nonzeros)`} : ${N}'(cost3)`,
  y: 'number',
})}${instance('heddle_fp_multiply', 'multiply_first', {
    a: 'number',
    b: 'mode ? reciprocal_shape_2 : BETA',
    y: 'first',
  })}${instance('heddle_fp_multiply', 'multiply_second', {
    a: 'mode ? first : gamma_5',
    b: 'mode ? reciprocal_density_4 : latency_5',
    y: 'second',
  })}${instance('heddle_fp_add', 'add', { a: 'first', b: 'second', y: 'score' })}  assign rate = second;
`
}

function separatePaths(W: number, N: number): string {
  return `  logic [${W - 1}:0] count, density, number, weighted, estimate;
${instance('heddle_to_float', 'convert_count', { x: N === 24 ? 'nonzeros' : `${N}'(nonzeros)`, y: 'count' })}${instance(
    'heddle_fp_multiply',
    'multiply_shape',
    { a: 'count', b: 'reciprocal_shape_2', y: 'density' },
  )}${instance('heddle_fp_multiply', 'multiply_density', {
    a: 'density',
    b: 'reciprocal_density_4',
    y: 'rate',
  })}${instance('heddle_to_float', 'convert_cost', { x: `${N}'(cost3)`, y: 'number' })}${instance(
    'heddle_fp_multiply',
    'multiply_cost',
    { a: 'number', b: 'BETA', y: 'weighted' },
  )}${instance('heddle_fp_multiply', 'multiply_latency', {
    a: 'gamma_5',
    b: 'latency_5',
    y: 'estimate',
  })}${instance('heddle_fp_add', 'add', { a: 'weighted', b: 'estimate', y: 'score' })}`
}
