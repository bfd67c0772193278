export { type DensityModel } from './density-model.js'
export {
  attentionNetworks,
  mobilenetV1,
  resnet50,
  ssd300Resnet18,
  vgg16,
  type AttentionNetwork,
} from './networks.js'
export {
  synthesizeAttention,
  synthesizeCnn,
  type AttentionSynthesis,
  type CnnSynthesis,
} from './synthesize.js'
