import { formatPercent } from '../../base/index.js'
import { eyerissV2, publishedAreas, type MeasuredArea } from '../../rtl/index.js'
import type { Column } from '../table.js'

/** One design in the comparison, with the published figures' normalisation. */
export interface ComparedArea extends MeasuredArea {
  /** Relative to the released separate FP32 build, as in the published Fig. 16. */
  readonly relative: { readonly luts: number; readonly ffs: number; readonly dsps: number }
  /** Share of sixteen Eyeriss-V2 clusters, as in the published Table 6. */
  readonly overhead: { readonly luts: number; readonly dsps: number }
}

/** Adds the two normalisations; the published rows come first. */
export function compareAreas(own: readonly MeasuredArea[]): readonly ComparedArea[] {
  const [unit] = publishedAreas
  return [...publishedAreas, ...own].map((area) => ({
    ...area,
    relative: {
      luts: area.luts / unit.luts,
      ffs: area.ffs / unit.ffs,
      dsps: area.dsps / unit.dsps,
    },
    overhead: { luts: area.luts / eyerissV2.luts, dsps: area.dsps / eyerissV2.dsps },
  }))
}

export const areaColumns: readonly Column<ComparedArea>[] = [
  { title: 'design', align: 'left', cell: (r) => r.design },
  { title: 'slots', cell: (r) => r.slots },
  { title: 'works', align: 'left', cell: (r) => (r.works ? 'yes' : 'no') },
  { title: 'LUT', cell: (r) => r.luts },
  { title: 'LUT as RAM', cell: (r) => r.lutsAsRam },
  { title: 'FF', cell: (r) => r.ffs },
  { title: 'DSP', cell: (r) => r.dsps },
  { title: 'BRAM36', cell: (r) => r.blockRams },
  { title: 'LUT rel.', cell: (r) => r.relative.luts.toFixed(2) },
  { title: 'FF rel.', cell: (r) => r.relative.ffs.toFixed(2) },
  { title: 'DSP rel.', cell: (r) => r.relative.dsps.toFixed(2) },
  { title: 'LUT of 16 clusters', cell: (r) => formatPercent(r.overhead.luts, 2) },
  { title: 'DSP of 16 clusters', cell: (r) => formatPercent(r.overhead.dsps, 2) },
]
