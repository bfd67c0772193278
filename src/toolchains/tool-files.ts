/** Files by path, as the WebAssembly tools see them. */
export type ToolFiles = Readonly<Record<string, string | Uint8Array>>

/** What a tool printed and left behind. */
export interface ToolOutput {
  readonly log: string
  readonly files: ToolFiles
}

/** A package that is only needed for this answer and is not installed. */
export class MissingToolError extends Error {
  override readonly name = 'MissingToolError'
  readonly packageName: string

  constructor(packageName: string) {
    super(`${packageName} is not installed: npm install ${packageName}`)
    this.packageName = packageName
  }
}

interface NestedFiles {
  [name: string]: NestedFiles | string | Uint8Array
}

type WasmTool = (
  args: string[],
  files: NestedFiles,
  options: {
    readonly stdout: (bytes: Uint8Array | null) => void
    readonly stderr: (bytes: Uint8Array | null) => void
    readonly decodeASCII: boolean
  },
) => Promise<NestedFiles | undefined> | NestedFiles | undefined

/**
 * Runs one WebAssembly tool in its own virtual file system.
 * @throws Error with the tool's last lines when it fails
 */
export async function runTool(
  name: string,
  tool: WasmTool,
  args: readonly string[],
  files: ToolFiles,
): Promise<ToolOutput> {
  const decoder = new TextDecoder()
  let log = ''
  const keep = (bytes: Uint8Array | null): void => {
    if (bytes !== null) log += decoder.decode(bytes, { stream: true })
  }
  try {
    const left = await tool(
      [...args],
      { ...files },
      { stdout: keep, stderr: keep, decodeASCII: false },
    )
    return { log, files: flatten(left ?? {}) }
  } catch (error) {
    const tail = log.trimEnd().split('\n').slice(-12).join('\n')
    throw new Error(`${name} failed: ${String(error)}\n${tail}`, { cause: error })
  }
}

function flatten(tree: NestedFiles, prefix = ''): Record<string, string | Uint8Array> {
  const files: Record<string, string | Uint8Array> = {}
  for (const [name, entry] of Object.entries(tree)) {
    if (typeof entry === 'string' || entry instanceof Uint8Array) files[prefix + name] = entry
    else Object.assign(files, flatten(entry, `${prefix}${name}/`))
  }
  return files
}
