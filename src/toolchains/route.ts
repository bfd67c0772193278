import { nextpnrIce40 } from './nextpnr.js'

/** What place and route reports for an iCE40 HX8K. */
export interface RoutedResult {
  readonly device: string
  readonly maxFrequencyMhz: number
  /** Used and available resources, by the tool's names. */
  readonly utilisation: Readonly<
    Record<string, { readonly used: number; readonly available: number }>
  >
}

/**
 * Places and routes a netlist of {@link synthesize} for the iCE40 HX8K (ct256), clock constrained to 50 MHz.
 * @throws Error when the design does not fit
 */
export async function routeIce40(netlist: string, seed: number): Promise<RoutedResult> {
  const args = ['--hx8k', '--package', 'ct256', '--freq', '50', '--seed', String(seed)]
  args.push('--json', 'mapped.json', '--pcf-allow-unconstrained', '--report', 'report.json')
  args.push('--asc', 'routed.asc', '--quiet')
  const output = await nextpnrIce40(args, { 'mapped.json': netlist })
  const bytes = output.files['report.json']
  const text = typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes)
  const report = JSON.parse(text) as {
    readonly fmax: Readonly<Record<string, { readonly achieved: number }>>
    readonly utilization: RoutedResult['utilisation']
  }
  const clocks = Object.values(report.fmax).map((clock) => clock.achieved)
  return {
    device: 'iCE40 HX8K ct256',
    maxFrequencyMhz: Math.round(Math.min(...clocks) * 100) / 100,
    utilisation: Object.fromEntries(
      Object.entries(report.utilization).map(([name, { used, available }]) => [
        name,
        { used, available },
      ]),
    ),
  }
}
