import {
  detailStack,
  type ChosenStack,
  type FuseSetting,
  type StackDetail,
} from '../../fuse/index.js'
import { engineOf } from './fuse-stack.js'

export interface FuseDetailJob {
  readonly setting: FuseSetting
  readonly chosen: ChosenStack
}

export function run({ setting, chosen }: FuseDetailJob): StackDetail {
  return detailStack(engineOf(setting), chosen)
}
