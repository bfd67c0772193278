import type { DataPlace } from './copy-path.js'

/** A feature map, or the part of one that a tile has made. */
export interface HeldMap {
  readonly place: DataPlace
  readonly bits: number
}

/** The feature maps that a tile holds while it runs through its stack, by vertex (layer i, or ~s for source s). */
export class HeldMaps {
  private readonly maps = new Map<number, HeldMap & { readersLeft: number }>()

  /** Holds a map until `readers` reads of it are done. */
  hold(vertex: number, place: DataPlace, bits: number, readers: number): void {
    this.maps.set(vertex, { place, bits, readersLeft: readers })
  }

  of(vertex: number): HeldMap {
    const map = this.maps.get(vertex)
    if (map === undefined)
      throw new Error(`the map of vertex ${vertex} is read after it was dropped`)
    return map
  }

  /** One read of a map is done. */
  release(vertex: number): void {
    const map = this.maps.get(vertex)
    if (map !== undefined && --map.readersLeft === 0) this.maps.delete(vertex)
  }

  /** Maps that are held although none of these vertices is one of them. */
  *except(vertices: readonly number[]): Iterable<HeldMap & { readonly vertex: number }> {
    for (const [vertex, { place, bits }] of this.maps) {
      if (!vertices.includes(vertex)) yield { vertex, place, bits }
    }
  }
}
