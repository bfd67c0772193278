export { decodeImage, isImageName, type RgbImage } from './decode-image.js'
export { imageTensor, normalisations, type ImagePreparation } from './image-tensor.js'
