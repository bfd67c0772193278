import type { NetworkProfile } from '../../src/model/index.js'
import {
  sangerMachine,
  sangerX,
  sparseAccelerators,
  type ConvLayer,
} from '../../src/profile/index.js'
import {
  attentionNetworks,
  mobilenetV1,
  resnet50,
  ssd300Resnet18,
  synthesizeAttention,
  synthesizeCnn,
  vgg16,
} from '../../src/profile/synthetic/index.js'

const SEED = 1

// Shifts of the common factor: the two low-light sets are sparser than what the networks were trained on.
const classification = [
  { name: 'imagenet', samples: 40, shift: 0 },
  { name: 'coco', samples: 40, shift: 0.25 },
  { name: 'darkface', samples: 40, shift: 1.1 },
  { name: 'exdark', samples: 40, shift: 0.7 },
]
const detection = classification
  .slice(1)
  .map((set, i) => (i === 0 ? { ...set, name: 'voc', shift: 0 } : set))

/** Densities that fall evenly from the second layer to the last; the first layer reads the image, which has no zeros. */
function falling(layers: readonly ConvLayer[], from: number, to: number): number[] {
  return layers.map((_, i) =>
    i === 0 ? 1 : from + ((to - from) * (i - 1)) / Math.max(1, layers.length - 2),
  )
}

const vggDensities = [
  // Non-zero activations of the pruned VGG-16 (Han et al. 2015, as recalled); the first layer's input is the image.
  1,
  0.53, 0.89, 0.8, 0.81, 0.68, 0.7, 0.64, 0.51, 0.45, 0.34, 0.32, 0.29, 0.19, 0.38, 0.42,
]

const networks = [
  // Relative ranges: ResNet-50 15 %, VGG-16 22 % as published (recalled); the two others are assumed to lie between.
  {
    name: 'resnet50',
    layers: resnet50(),
    range: 0.15,
    datasets: classification,
    from: 0.65,
    to: 0.38,
  },
  { name: 'vgg16', layers: vgg16(), range: 0.22, datasets: classification, means: vggDensities },
  {
    name: 'mobilenet',
    layers: mobilenetV1(),
    range: 0.18,
    datasets: classification,
    from: 0.7,
    to: 0.45,
  },
  {
    name: 'ssd300',
    layers: ssd300Resnet18(),
    range: 0.2,
    datasets: detection,
    from: 0.65,
    to: 0.35,
  },
]

/** The patterns that every calibrated CNN is pruned in. */
export const cnnPatterns = ['random', 'block4', 'filter'] as const
export const cnnNetworks: readonly string[] = networks.map(({ name }) => name)

/** A CNN of the list, pruned to 20 %, with densities from the calibrated model. */
export function calibratedCnn(
  network: string,
  pattern: (typeof cnnPatterns)[number],
): NetworkProfile {
  const found = networks.find(({ name }) => name === network)
  if (found === undefined) throw new Error(`no network ${network}`)
  const { name, layers, range, datasets, ...rest } = found
  const means = 'means' in rest ? rest.means : falling(layers, rest.from, rest.to)
  const model = { means, correlation: 0.6, neighbour: 0.5, fixed: 1, datasets }
  return synthesizeCnn({
    network: name,
    layers,
    pattern,
    weightSparsity: 0.2,
    model,
    relativeRange: range,
    accelerator: sparseAccelerators['eyeriss-v2'].standard(),
    seed: SEED,
  })
}

/** The attention networks of the list, with densities from the calibrated model. */
export function calibratedAttention(): NetworkProfile[] {
  return Object.entries(attentionNetworks).map(([network, shape]) => {
    // Mean density falls over depth inside the 0.08 … 0.27 that Sanger keeps on BERT; decoders keep more.
    const [from, to] =
      network === 'bert' ? [0.26, 0.12] : network === 'gpt2' ? [0.36, 0.22] : [0.4, 0.26]
    const means = Array.from(
      { length: shape.layers },
      (_, i) => from + ((to - from) * i) / (shape.layers - 1),
    )
    const datasets = [{ name: network === 'bert' ? 'squad' : 'glue', samples: 200, shift: 0 }]
    return synthesizeAttention({
      network,
      shape,
      model: { means, spread: 0.25, correlation: 0.7, neighbour: 0.6, fixed: 0, datasets },
      // Trained attention looks at few places: vectors of 64 scores are nearly empty or well filled.
      accelerator: sangerX(sangerMachine, 1),
      seed: SEED,
    })
  })
}
