declare module 'wavedrom' {
  interface WaveLane {
    readonly name?: string
    readonly wave?: string
    readonly data?: readonly string[]
    readonly node?: string
    readonly phase?: number
  }
  interface WaveSource {
    readonly signal: readonly WaveLane[]
    readonly edge?: readonly string[]
    readonly head?: { readonly text?: string; readonly tick?: number }
    readonly foot?: { readonly text?: string; readonly tick?: number }
    readonly config?: { readonly hscale?: number }
  }
  const wavedrom: {
    renderAny(index: number, source: WaveSource, skins: unknown): unknown
    readonly waveSkin: unknown
    readonly onml: { stringify(tree: unknown): string }
  }
  export default wavedrom
}
