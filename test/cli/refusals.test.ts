import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runHeddle, type Invocation } from './run-heddle.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-refusals-'))
  writeFileSync(join(folder, 'a-file'), '')
  mkdirSync(join(folder, 'a-folder'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const heddle = (...args: string[]): Invocation => runHeddle(args, folder)

/** Bad usage: status 2, nothing on stdout, a code and no stack trace on stderr. */
function expectRefusal({ status, stdout, stderr }: Invocation, ...words: string[]): void {
  expect(stderr).not.toMatch(/\n\s+at /)
  for (const word of words) expect(stderr).toContain(word)
  expect(status).toBe(2)
  expect(stdout).toBe('')
}

describe('output that cannot be written is refused before anything is computed', () => {
  const map = ['map', '--accelerator', 'acc-1lv', '--network', 'test-network', '--out']
  test('a file in place of the folder, or on the way to it', () => {
    expectRefusal(heddle(...map, 'a-file'), 'E-OUT-001', 'a-file', 'expected a folder')
    expectRefusal(heddle(...map, 'a-file/below'), 'E-OUT-001', 'a-file/below')
  })
  test('an empty name does not mean the current folder', () => {
    expectRefusal(heddle(...map, ''), 'E-OUT-002')
    expect(readdirSync(folder).sort()).toEqual(['a-file', 'a-folder'])
  })
  test('a folder in place of the file of import', () => {
    expectRefusal(
      heddle('import', 'micro-cnn', '--out', 'a-folder'),
      'E-OUT-001',
      'expected a file',
    )
    expect(readdirSync(join(folder, 'a-folder'))).toEqual([])
  })
  test('a cache that was asked for', () => {
    expectRefusal(heddle('plan', 'smart-camera', '--cache', 'a-file'), 'E-OUT-001', 'a-file')
  })
})

test('aliases of aliases do not fill the memory, and are no defect of Heddle', () => {
  const levels = Array.from(
    { length: 8 },
    (_, i) =>
      `l${i}: &l${i} [${Array(9)
        .fill(i === 0 ? 'x' : `*l${i - 1}`)
        .join(', ')}]`,
  )
  writeFileSync(join(folder, 'bomb.yaml'), ['kind: network', ...levels].join('\n'))
  expectRefusal(heddle('validate', 'bomb.yaml'), 'bomb.yaml:1:1', 'E-YAML-005')
})

test('control characters of an input do not reach the terminal', () => {
  writeFileSync(join(folder, 'noise.csv'), '\u001b[2Jarrival\u0007,\u0000x\n1,2\n')
  const answer = heddle('serve', '--traces', 'micro-cnn', '--stream', 'noise.csv')
  expectRefusal(answer, 'noise.csv:1', 'arrival')
  // oxlint-disable-next-line no-control-regex
  expect(answer.stderr).not.toMatch(/[\u0000-\u0008\u001b]/)
})

test('loops that no counter holds are refused by name', () => {
  const args = ['map', '--accelerator', 'acc-1lv', '--network', 'micro-cnn']
  expectRefusal(heddle(...args, '--bind', 'batch=999999999999'), 'E-CLI-008', 'B = 999999999999')
})

test('fuse says which kind of accelerator it needs, place how much it can place', () => {
  const fuse = heddle('fuse', '--accelerator', 'eyeriss', '--network', 'fsrcnn')
  expectRefusal(fuse, 'E-FUSE-024', 'hierarchical')
  const place = heddle('place', '--network', 'xception', '--soc', 'grai', '--batch', '100000')
  expectRefusal(place, 'E-PLC-005', '--batch 1492')
})

test('validate knows models, and a folder from a file that is missing', () => {
  expectRefusal(heddle('validate', 'a-folder'), 'E-IN-002')
  writeFileSync(join(folder, 'noise.onnx'), 'no model')
  expectRefusal(heddle('validate', 'noise.onnx'), 'E-ONNX')
})

test('a schedule that place has written is one that it can verify', () => {
  const place = ['place', '--network', 'xception', '--soc', 'grai', '--batch', '2']
  expect(heddle(...place, '--policy', 'heft', '--out', 'placed', '--quiet').status).toBe(0)
  const verified = heddle(...place, '--verify', 'placed/schedule.json')
  expect(verified.stdout).toContain('valid, makespan')
  expect(verified.status).toBe(0)
})

/** Runs a command and presses Ctrl-C at its first line of progress, which says that the work has begun. */
async function interrupted(...args: string[]): Promise<Invocation> {
  const main = join(import.meta.dirname, '../../dist/cli/main.js')
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
  child.stderr.on('data', (text: Buffer) => {
    if (stderr === '') child.kill('SIGINT')
    stderr += text.toString()
  })
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { status, stdout, stderr }
}

test('Ctrl-C in a chain ends it at once, without a defect report and without files', async () => {
  const ended = await interrupted('plan', 'smart-camera', '--no-cache', '--out', 'interrupted')
  expect(ended.stderr).toContain('stopped: ')
  expect(ended.stderr).not.toContain('defect')
  expect(ended.status).toBe(130)
  expect(existsSync(join(folder, 'interrupted'))).toBe(false)
}, 60_000)

test.each([
  ['makespan', 'place --network xception --soc grai --batch 20 --policy exact'],
  ['violations', 'serve --traces synthetic-attention --rate 30 --requests 3000 --seeds 1..200'],
])(
  'Ctrl-C in a search gives the best %s so far or says that there is none',
  async (word, line) => {
    const ended = await interrupted(...line.split(' '), '--out', 'cut-short')
    expect(ended.status).toBe(130)
    const shown = ended.stdout.includes(word)
    expect(ended.stderr.includes('stopped: ')).toBe(!shown)
    const files = existsSync(join(folder, 'cut-short'))
      ? readdirSync(join(folder, 'cut-short'))
      : []
    expect(files.includes('report.html')).toBe(shown)
    expect(files.filter((file) => file.endsWith('.tmp'))).toEqual([])
    rmSync(join(folder, 'cut-short'), { recursive: true, force: true })
  },
  60_000,
)

test('words that nothing expects are named, and unknown verbs get the whole list', () => {
  expectRefusal(heddle('map', 'foo'), 'E-CLI-002', '"foo"', 'heddle map takes options')
  expectRefusal(heddle('import', 'micro-cnn', 'foo'), '"foo"', 'takes model and options')
  expectRefusal(heddle('frobnicate'), 'E-CLI-001', 'convert', 'validate', 'schema')
  writeFileSync(join(folder, 'result.json'), '{"layers": []}')
  expectRefusal(heddle('convert', 'result.json'), 'none of the forms that can be converted')
})
