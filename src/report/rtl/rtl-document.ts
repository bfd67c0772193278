import type { RtlResult } from './rtl-result.js'

/** The document of `heddle rtl --json`. */
export function rtlDocument(result: RtlResult): unknown {
  const { sheet } = result
  return {
    design: sheet.title,
    options: result.options,
    top: result.top,
    files: result.files,
    recordBits: sheet.recordBits,
    decisionClocks: sheet.decisionClocks,
    testDecisions: result.testDecisions,
    synthesis: result.synthesis,
    ...(result.routing ? { routing: result.routing } : {}),
    ...(result.comparison ? { comparison: result.comparison } : {}),
  }
}
