/** The YAML files of ZigZag 3.8; they carry no `kind`, so their keys tell what they are. */
export type ZigzagForm = 'zigzag-accelerator' | 'zigzag-mapping' | 'zigzag-workload'

/** Which of ZigZag's files a text looks like, by the keys that only that file has. */
export function zigzagFormOf(text: string): ZigzagForm | undefined {
  const has = (key: string): boolean => new RegExp(`^[\\s-]*${key}\\s*:`, 'm').test(text)
  if (/^operational_array\s*:/m.test(text)) return 'zigzag-accelerator'
  if (has('loop_sizes') && has('loop_dims')) return 'zigzag-workload'
  if (/^\s*-/m.test(text) && (has('spatial_mapping') || has('memory_operand_links'))) {
    return 'zigzag-mapping'
  }
  return undefined
}
