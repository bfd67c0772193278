/** Colours that stay apart for colour-blind readers (Okabe and Ito 2008), in order of use. */
export const palette = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#b8a800',
  '#8c6bb1',
  '#6b7280',
] as const

/** Colour of the i-th series; repeats after the last. */
export function seriesColor(i: number): string {
  return palette[i % palette.length]
}
