import type * as Package from '@yowasp/yosys'
import { MissingToolError, runTool, type ToolFiles, type ToolOutput } from './tool-files.js'

/**
 * Runs Yosys (optional package @yowasp/yosys) on the given files.
 * @param script commands, one per line
 * @throws MissingToolError when the package is not installed; Error with the last lines of the log when a command fails
 */
export async function yosys(script: string, files: ToolFiles): Promise<ToolOutput> {
  const { runYosys } = await loadYosys()
  return runTool('yosys', runYosys, ['-s', 'run.ys'], { ...files, 'run.ys': script })
}

/** Whether Yosys can be used here. */
export async function hasYosys(): Promise<boolean> {
  return loadYosys().then(
    () => true,
    () => false,
  )
}

async function loadYosys(): Promise<typeof Package> {
  try {
    return await import('@yowasp/yosys')
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new MissingToolError('@yowasp/yosys')
  }
}
