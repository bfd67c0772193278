/**
 * Loop dimensions of a layer. B batch, K output channels (per group), C input channels (per group), OY/OX output
 * rows/columns, FY/FX kernel rows/columns, G groups. A matrix product (M×N·N×P) is K = M, C = N, OX = P.
 */
export const loopDims = ['B', 'K', 'C', 'OY', 'OX', 'FY', 'FX', 'G'] as const
export type LoopDim = (typeof loopDims)[number]

/** The three data types of a layer. */
export type Operand = 'input' | 'weight' | 'output'
