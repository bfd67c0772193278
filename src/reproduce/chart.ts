/**
 * How a figure shows the rows of its table; the names are column names of that table. `facet` draws one panel per
 * value, side by side. Drawn by the report room, so that a reproduction needs no drawing code.
 */
export type Chart =
  | {
      readonly kind: 'heatmap'
      readonly x: string
      readonly y: string
      readonly value: string
      readonly facet?: string
      /** Colour scale; `log` for values over several decades. */
      readonly scale: 'linear' | 'log'
      /** Decimals of the number written into each cell. */
      readonly decimals: number
    }
  | {
      readonly kind: 'bars'
      readonly x: string
      readonly y: string
      /** Bars of one x value stand side by side, or on each other when `stacked`. */
      readonly series?: string
      readonly stacked?: boolean
      readonly facet?: string
      readonly scale: 'linear' | 'log'
    }
  | {
      readonly kind: 'lines'
      readonly x: string
      readonly y: string
      readonly series?: string
      readonly facet?: string
      /** `ordinal`: x values are labels in row order. */
      readonly xScale: 'linear' | 'log' | 'ordinal'
      readonly scale: 'linear' | 'log'
    }
  | {
      readonly kind: 'scatter'
      readonly x: string
      readonly y: string
      readonly series: string
      readonly facet?: string
      readonly scale: 'linear' | 'log'
    }
  | {
      /** Box plot from five numbers per box. */
      readonly kind: 'boxes'
      readonly x: string
      readonly low: string
      readonly q1: string
      readonly median: string
      readonly q3: string
      readonly high: string
      /** Label of the common axis of the five. */
      readonly label: string
      readonly facet?: string
    }
