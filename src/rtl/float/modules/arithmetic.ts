import type { FloatFormat } from '../ieee.js'

/** Two-stage multiplier: round to nearest even, subnormals are zero, overflow is infinity. */
export function multiplyModule(format: FloatFormat): string {
  const { bits: W, exponentBits: E, fractionBits: F } = format
  const bias = 2 ** (E - 1) - 1
  const ones = 2 ** E - 1
  return `// Floating-point multiplier, ${W} bits, 2 clocks. Zero times anything is zero.
module heddle_fp_multiply (
    input  logic clk,
    input  logic [${W - 1}:0] a,
    input  logic [${W - 1}:0] b,
    output logic [${W - 1}:0] y
);
  logic [${E - 1}:0] ea, eb;
  logic sign1, zero1, infinite1;
  logic signed [${E + 1}:0] exponent1;
  logic [${2 * F + 1}:0] product1;

  assign ea = a[${W - 2}:${F}];
  assign eb = b[${W - 2}:${F}];

  always_ff @(posedge clk) begin
    sign1 <= a[${W - 1}] ^ b[${W - 1}];
    zero1 <= ea == '0 || eb == '0;
    infinite1 <= ea == '1 || eb == '1;
    exponent1 <= $signed({2'b00, ea}) + $signed({2'b00, eb}) - ${E + 2}'sd${bias};
    product1 <= ${2 * F + 2}'({1'b1, a[${F - 1}:0]}) * ${2 * F + 2}'({1'b1, b[${F - 1}:0]});
  end

  // 1 <= product < 4: one step of normalisation, then rounding, which may step once more.
  logic wide, up;
  logic [${F - 1}:0] kept;
  logic [${F}:0] rounded;  // top bit: rounding overflowed into the next power of two
  logic guard, sticky;
  logic signed [${E + 1}:0] exponent;
  assign wide = product1[${2 * F + 1}];
  assign kept = wide ? product1[${2 * F}:${F + 1}] : product1[${2 * F - 1}:${F}];
  assign guard = wide ? product1[${F}] : product1[${F - 1}];
  assign sticky = wide ? |product1[${F - 1}:0] : |product1[${F - 2}:0];
  assign up = guard && (sticky || kept[0]);
  assign rounded = {1'b0, kept} + ${F + 1}'(up);
  assign exponent = exponent1 + $signed({${E + 1}'d0, wide}) + $signed({${E + 1}'d0, rounded[${F}]});

  always_ff @(posedge clk) begin
    if (zero1 || (exponent <= 0 && !infinite1)) y <= {sign1, ${W - 1}'d0};
    else if (infinite1 || exponent >= ${E + 2}'sd${ones}) y <= {sign1, {${E}{1'b1}}, ${F}'d0};
    else y <= {sign1, exponent[${E - 1}:0], rounded[${F - 1}:0]};
  end
endmodule
`
}

/** Three-stage adder of numbers that are not negative. */
export function addModule(format: FloatFormat): string {
  const { bits: W, exponentBits: E, fractionBits: F } = format
  const M = F + 4
  return `// Floating-point adder for operands that are not negative (scores never are), ${W} bits, 3 clocks.
module heddle_fp_add (
    input  logic clk,
    input  logic [${W - 1}:0] a,
    input  logic [${W - 1}:0] b,
    output logic [${W - 1}:0] y
);
  // order by magnitude
  logic swap;
  logic [${W - 2}:0] big, lesser;
  assign swap = b[${W - 2}:0] > a[${W - 2}:0];
  assign big = swap ? b[${W - 2}:0] : a[${W - 2}:0];
  assign lesser = swap ? a[${W - 2}:0] : b[${W - 2}:0];
  logic unused_signs;
  assign unused_signs = a[${W - 1}] ^ b[${W - 1}];

  logic [${E - 1}:0] exponent1, distance1;
  logic [${F}:0] big1, small1;
  always_ff @(posedge clk) begin
    exponent1 <= big[${W - 2}:${F}];
    distance1 <= big[${W - 2}:${F}] - lesser[${W - 2}:${F}];
    big1 <= big[${W - 2}:${F}] == '0 ? '0 : {1'b1, big[${F - 1}:0]};
    small1 <= lesser[${W - 2}:${F}] == '0 ? '0 : {1'b1, lesser[${F - 1}:0]};
  end

  // align; three more bits: guard, round, sticky
  logic [${2 * M - 1}:0] shifted;
  assign shifted = {small1, ${2 * M - F - 1}'d0} >> distance1;
  logic [${E - 1}:0] exponent2;
  logic [${M - 1}:0] big2, small2;
  always_ff @(posedge clk) begin
    exponent2 <= exponent1;
    big2 <= {big1, 3'd0};
    small2 <= {shifted[${2 * M - 1}:${M + 1}], |shifted[${M}:0]};
  end

  // add, normalise, round
  logic [${M}:0] sum;
  logic [${F - 1}:0] kept;
  logic [${F}:0] rounded;  // top bit: rounding overflowed into the next power of two
  logic guard, sticky;
  logic [${E}:0] exponent;
  assign sum = {1'b0, big2} + {1'b0, small2};
  assign kept = sum[${M}] ? sum[${M - 1}:4] : sum[${M - 2}:3];
  assign guard = sum[${M}] ? sum[3] : sum[2];
  assign sticky = sum[${M}] ? |sum[2:0] : |sum[1:0];
  assign rounded = {1'b0, kept} + ${F + 1}'(guard && (sticky || kept[0]));
  assign exponent = {1'b0, exponent2} + ${E + 1}'(sum[${M}]) + ${E + 1}'(rounded[${F}]);
  always_ff @(posedge clk) begin
    if (exponent2 == '0) y <= '0;
    else if (exponent >= ${E + 1}'d${2 ** E - 1}) y <= {1'b0, {${E}{1'b1}}, ${F}'d0};
    else y <= {1'b0, exponent[${E - 1}:0], rounded[${F - 1}:0]};
  end
endmodule
`
}

/** Two-stage conversion of an unsigned integer. */
export function convertModule(format: FloatFormat, inputBits: number): string {
  const { bits: W, exponentBits: E, fractionBits: F } = format
  const bias = 2 ** (E - 1) - 1
  const N = inputBits
  const S = Math.ceil(Math.log2(N + 1))
  const low = N - F - 2
  const X = Math.max(E, S) + 1
  return `// Unsigned integer (${N} bits) to floating point (${W} bits), 2 clocks.
module heddle_to_float (
    input  logic clk,
    input  logic [${N - 1}:0] x,
    output logic [${W - 1}:0] y
);
  logic [${S - 1}:0] zeros, zeros1;
  logic [${N - 1}:0] left1;

  always_comb begin
    zeros = '0;
    for (int i = 0; i < ${N}; i++) if (x[i]) zeros = ${S}'(${N - 1} - i);
  end
  always_ff @(posedge clk) begin
    zeros1 <= zeros;
    left1 <= x << zeros;
  end

  logic [${F - 1}:0] kept;
  logic [${F}:0] rounded;  // top bit: rounding overflowed into the next power of two
  logic guard, sticky;
  logic [${X - 1}:0] exponent;
  assign kept = left1[${N - 2}:${N - 1 - F}];
  assign guard = left1[${low}];
  assign sticky = ${low > 0 ? `|left1[${low - 1}:0]` : "1'b0"};
  assign rounded = {1'b0, kept} + ${F + 1}'(guard && (sticky || kept[0]));
  assign exponent = ${X}'d${bias + N - 1} - ${X}'(zeros1) + ${X}'(rounded[${F}]);
  always_ff @(posedge clk) begin
    if (!left1[${N - 1}]) y <= '0;
    else if (exponent >= ${X}'d${2 ** E - 1}) y <= {1'b0, {${E}{1'b1}}, ${F}'d0};
    else y <= {1'b0, exponent[${E - 1}:0], rounded[${F - 1}:0]};
  end
endmodule
`
}
