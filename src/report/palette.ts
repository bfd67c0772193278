/**
 * Colours of series that stay apart for colour-blind readers (Okabe and Ito 2008), in order of use: on white paper, and
 * lighter on dark paper.
 */
const series = [
  ['#0072b2', '#4da3dd'],
  ['#e69f00', '#f0b13c'],
  ['#009e73', '#34c29a'],
  ['#cc79a7', '#dc9cc0'],
  ['#56b4e9', '#86cbf2'],
  ['#d55e00', '#f0803c'],
  ['#b8a800', '#d6c93a'],
  ['#8c6bb1', '#b094d4'],
  ['#6b7280', '#9aa3b2'],
] as const

/** Colour of the i-th series; repeats after the last. */
export function seriesColor(i: number): string {
  return series[i % series.length][0]
}

/** What figures and pages are drawn in beside series. Figures name the light colour; on a dark page it is exchanged. */
export const tones = {
  ink: '#1c2330',
  soft: '#5b6678',
  line: '#d9dee7',
  paper: '#ffffff',
  tint: '#f4f6fa',
  /** Areas that nothing can be in. */
  shade: '#e9edf3',
  alert: '#b42318',
  /** Text on the colour of a series. */
  onSeries: '#fefefe',
} as const

const darkTones: Readonly<Record<keyof typeof tones, string>> = {
  ink: '#e4e8ef',
  soft: '#a3adbd',
  line: '#343d4c',
  paper: '#12161d',
  tint: '#1c222c',
  shade: '#252d39',
  alert: '#f97066',
  onSeries: '#10151d',
}

/** Text on colours that are the same on every paper: those of a colour scale, and half-transparent bars. */
export const fixedText = { onLight: '#10151d', onDark: 'white' } as const

/** One colour under its name, on white and on dark paper. */
type Named = readonly [name: string, light: string, dark: string]

function namedColors(): Named[] {
  return [
    ...Object.entries(tones).map(([name, light]): Named => [
      name,
      light,
      darkTones[name as keyof typeof tones],
    ]),
    ...series.map(([light, dark], i): Named => [`series-${i}`, light, dark]),
  ]
}

/**
 * The colours of a page as CSS variables, and the rules that exchange them in its figures where the reader prefers
 * dark pages. Figures keep their light colours as attributes, so that they stand alone as files and print as they are.
 */
export function themeCss(): string {
  const colors = namedColors()
  const variables = (which: 1 | 2): string =>
    colors.map((color) => `--${color[0]}: ${color[which]};`).join(' ')
  const exchange = colors.flatMap(([name, light]) =>
    ['fill', 'stroke'].map(
      (attribute) => `figure svg [${attribute}="${light}"] { ${attribute}: var(--${name}); }`,
    ),
  )
  return `:root { color-scheme: light; ${variables(1)} }
@media screen and (prefers-color-scheme: dark) {
:root { color-scheme: dark; ${variables(2)} }
${exchange.join('\n')}
figure svg[fill="${tones.ink}"] { fill: var(--ink); }
figure svg.WaveDrom { background: ${tones.paper}; border-radius: 8px; }
}`
}
