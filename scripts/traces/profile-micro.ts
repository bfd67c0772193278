// Profiles the micro networks of presets/networks on generated data and writes presets/traces/micro-* and examples/.
// Usage: npx tsx scripts/traces/profile-micro.ts
import { encode } from 'fast-png'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NetworkProfile } from '../../src/model/index.js'
import {
  IMAGE_SIZE,
  shapeClasses,
  shapeImage,
  type Lighting,
} from '../../src/profile/micro/index.js'
import { measureAttention, measureCnn, SAMPLES } from './measure-micro.js'
import { writeTraceFolder } from './write-trace-folder.js'

const root = new URL('../../', import.meta.url).pathname

const cnn: NetworkProfile[] = []
const attention: NetworkProfile[] = []
for (const kind of ['', 'random', 'block', 'filter']) {
  const name = (network: string, percent: number): string =>
    kind === '' ? network : `${network}_${kind}${percent}`
  cnn.push(await measureCnn(name('micro-cnn', 60)))
  attention.push(await measureAttention(name('micro-attention', 20)))
}
writeTraceFolder(
  'micro-cnn',
  'A tiny CNN, dense and pruned in three patterns, measured on Eyeriss-V2 (measured-micro)',
  `Five convolutions and a classifier, trained on generated 16×16 images of eight shapes, then pruned to 60 % while
training went on. Profiled on ${SAMPLES} bright images like those of the training and ${SAMPLES} dark ones that training
never saw. Made by \`scripts/traces/train-micro.ts\` and \`profile-micro.ts\`.`,
  cnn,
)
writeTraceFolder(
  'micro-attention',
  'A tiny transformer, dense and pruned in three patterns, measured on a small Sanger (measured-micro)',
  `Two blocks of two heads over 32 tokens, trained to count how often each token occurs, then pruned to 20 % while
training went on. Profiled on ${SAMPLES} sequences of many letters like those of the training and ${SAMPLES} of few
letters that training never saw. Scores of probability 0.01 or less are pruned; the array is
scaled to 8 rows of 4 elements, because the real one would hold every score at once. Made by
\`scripts/traces/train-micro.ts\` and \`profile-micro.ts\`.`,
  attention,
)

for (const lighting of ['bright', 'dark'] satisfies Lighting[]) {
  const folder = join(root, 'examples/shapes', lighting)
  mkdirSync(folder, { recursive: true })
  for (let i = 0; i < 16; i++) {
    const { pixels, label } = shapeImage(700_000 + i, lighting)
    const png = encode({
      width: IMAGE_SIZE,
      height: IMAGE_SIZE,
      data: pixels,
      channels: 3,
      depth: 8,
    })
    writeFileSync(join(folder, `${String(i).padStart(2, '0')}-${shapeClasses[label]}.png`), png)
  }
}
