/** FNV-1a, 32 bit, over UTF-16 code units below 256 (ASCII text): 8 hex digits. */
export function fnv1a32(text: string): string {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return (h >>> 0).toString(16).padStart(8, '0')
}
