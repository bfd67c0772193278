/** What happens to data that neighbouring tiles share (spec §10.1). */
export const overlapModes = ['fully-recompute', 'h-cached-v-recompute', 'fully-cached'] as const
export type OverlapMode = (typeof overlapModes)[number]

/** Whether columns shared with the tile to the left are cached. */
export function cachesColumns(mode: OverlapMode): boolean {
  return mode !== 'fully-recompute'
}

/** Whether rows shared with the tile row above are cached, over the full width. */
export function cachesRows(mode: OverlapMode): boolean {
  return mode === 'fully-cached'
}
