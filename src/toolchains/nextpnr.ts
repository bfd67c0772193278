import type * as Package from '@yowasp/nextpnr-ice40'
import { MissingToolError, runTool, type ToolFiles, type ToolOutput } from './tool-files.js'

/**
 * Runs nextpnr for iCE40 (optional package @yowasp/nextpnr-ice40) on the given files.
 * @throws MissingToolError when the package is not installed; Error with the last lines of the log when it fails
 */
export async function nextpnrIce40(args: readonly string[], files: ToolFiles): Promise<ToolOutput> {
  const { runNextpnrIce40 } = await loadNextpnr()
  return runTool('nextpnr-ice40', runNextpnrIce40, args, files)
}

async function loadNextpnr(): Promise<typeof Package> {
  try {
    return await import('@yowasp/nextpnr-ice40')
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new MissingToolError('@yowasp/nextpnr-ice40')
  }
}
