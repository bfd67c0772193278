export {
  attentionSize,
  cnnLayers,
  microAttention,
  microCnn,
  type MicroNetwork,
} from './networks.js'
export {
  IMAGE_SIZE,
  imagePlanes,
  SEQUENCE_LENGTH,
  shapeClasses,
  shapeImage,
  tokenSequence,
  type Lighting,
  type Richness,
  type ShapeImage,
} from './shapes-data.js'
export { accuracy, train, type Labelled, type TrainingPlan } from './train.js'
