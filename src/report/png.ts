import { Resvg } from '@resvg/resvg-js'

/** Renders SVG text as a PNG image, `scale` pixels per SVG unit, on white. */
export function svgToPng(svg: string, scale = 2): Uint8Array {
  const image = new Resvg(svg, {
    background: 'white',
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans' },
  })
  return image.render().asPng()
}
