import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { writeOnnx, type ModelDraft } from '../../src/formats/onnx/index.js'
import { writeNpy } from '../../src/formats/tensors/index.js'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'heddle-memory-'))
const WIDTH = 1024
const LAYER_BYTES = 4 * WIDTH * WIDTH

afterAll(() => rmSync(folder, { recursive: true }))

/** Fully connected layers of 4 MB each. */
function model(layers: number): string {
  const weights = Float32Array.from({ length: WIDTH * WIDTH }, (_, i) => ((i % 251) - 125) / 4096)
  const draft: ModelDraft = {
    name: 'heavy',
    opset: 17,
    nodes: Array.from({ length: layers }, (_, i) => ({
      opType: 'MatMul',
      inputs: [i === 0 ? 'x' : `y${i - 1}`, `w${i}`],
      outputs: [`y${i}`],
    })),
    initializers: Array.from({ length: layers }, (_, i) => ({
      name: `w${i}`,
      elementType: 'float',
      dims: [WIDTH, WIDTH],
      values: weights,
    })),
    inputs: [{ name: 'x', elementType: 'float', dims: [1, WIDTH] }],
    outputs: [{ name: `y${layers - 1}`, elementType: 'float', dims: [1, WIDTH] }],
  }
  const file = join(folder, `heavy${layers}.onnx`)
  writeFileSync(file, writeOnnx(draft))
  return file
}

/**
 * Peak resident memory of one profile run in a process of its own, bytes. The figure that every system reports counts
 * what the process was forked from; Linux also tells it from the start of the program.
 */
function peakBytes(file: string, runtime: string): number {
  const report = `import { readFileSync } from 'node:fs'
    process.on('exit', () => console.error(readFileSync('/proc/self/status', 'utf8')))`
  const hook = `data:text/javascript,${encodeURIComponent(report)}`
  const args = ['--import', hook, main, 'profile', file, '--inputs', join(folder, 'x.npy')]
  const run = spawnSync(process.execPath, [...args, '--runtime', runtime, '--json'], {
    encoding: 'utf8',
    timeout: 110_000,
  })
  expect(run.status, run.stderr).toBe(0)
  return 1024 * Number(/^VmHWM:\s*(\d+) kB$/m.exec(run.stderr)?.[1])
}

test.skipIf(!existsSync('/proc/self/status')).each(['onnxruntime', 'builtin'])(
  'with %s, memory grows by less than two copies of the weights',
  (runtime) => {
    writeFileSync(join(folder, 'x.npy'), writeNpy([1, WIDTH], new Float32Array(WIDTH).fill(1)))
    const small = peakBytes(model(2), runtime)
    const large = peakBytes(model(26), runtime)
    const growth = (large - small) / (24 * LAYER_BYTES)
    // The weights themselves, so the measurement measures something; a second copy would make it 2.
    expect(growth).toBeGreaterThan(0.9)
    expect(growth).toBeLessThan(1.8)
  },
)
