// Writes presets/traces/calibrated-cnn and calibrated-attention: full-size layer shapes, densities from a calibrated model.
// Usage: npx tsx scripts/traces/make-synthetic.ts
import {
  calibratedAttention,
  calibratedCnn,
  cnnNetworks,
  cnnPatterns,
} from './synthetic-recipes.js'
import { writeTraceFolder } from './write-trace-folder.js'

writeTraceFolder(
  'calibrated-cnn',
  'ResNet-50, VGG-16, MobileNet and SSD300 with 20 % pruning in three patterns on Eyeriss-V2 (synthetic-calibrated)',
  `Exact layer shapes, weights pruned at random, in blocks of four channels or by filter; activation densities drawn from
a one-factor model over four data sets, two of them low-light, calibrated so that the relative range of valid MACs is the
published one (ResNet-50 15 %, VGG-16 22 %; recalled figures) or assumed between (MobileNet 18 %, SSD300 20 %). These are
not measurements. Made by \`scripts/traces/make-synthetic.ts\`.`,
  cnnNetworks.flatMap((network) => cnnPatterns.map((pattern) => calibratedCnn(network, pattern))),
)

writeTraceFolder(
  'calibrated-attention',
  'BERT-base, GPT-2 and BART-base with pruned attention on Sanger (synthetic-calibrated)',
  `One layer per attention: scores, softmax and weighted sum; the dense projections and feed-forward layers, which do not
depend on the input, are left out. Densities drawn from a one-factor model whose means lie in the range that Sanger keeps
(0.08 … 0.27 on BERT) and whose spread gives the published spread of latency (0.6 … 1.8 of the mean; a recalled figure).
These are not measurements. Made by \`scripts/traces/make-synthetic.ts\`.`,
  calibratedAttention(),
)
