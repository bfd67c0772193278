/** Joins stand-alone SVGs into one, as many to a row as fit a page. */
export function sideBySide(panels: readonly string[]): string {
  if (panels.length === 1) return panels[0]
  const size = (svg: string, name: string): number =>
    Number(new RegExp(`<svg[^>]*\\b${name}="([\\d.]+)"`).exec(svg)?.[1] ?? 0)
  const width = Math.max(...panels.map((svg) => size(svg, 'width')))
  const height = Math.max(...panels.map((svg) => size(svg, 'height')))
  const columns = Math.max(1, Math.min(panels.length, Math.floor(1180 / width)))
  const body = panels
    .map(
      (svg, i) =>
        `<svg x="${(i % columns) * width}" y="${Math.floor(i / columns) * height}"${svg.slice(svg.indexOf('<svg') + 4)}`,
    )
    .join('')
  const rows = Math.ceil(panels.length / columns)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${columns * width}" height="${rows * height}">${body}</svg>`
}
