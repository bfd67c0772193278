import { affine } from './affine.js'
import { average } from './average.js'
import { lastN } from './last-n.js'
import { lastOne } from './last-one.js'
import { none } from './none.js'
import type { Predictor } from './predictor.js'
import { regression } from './regression.js'

export type { Predictor } from './predictor.js'
export { affineSlopes, slopesOf } from './affine.js'
export { densityRatio } from './predictor.js'

/** Every predictor, by the name that `--predictor` accepts. */
export const predictors: Readonly<Record<string, Predictor>> = Object.freeze(
  Object.fromEntries(
    [average, lastOne, lastN, affine, regression, none].map((each) => [each.name, each]),
  ),
)
