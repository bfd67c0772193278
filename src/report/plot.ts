import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

/** The two things wanted of a DOM element; the project is compiled without the browser's types. */
interface SvgElement {
  setAttribute(name: string, value: string): void
  readonly outerHTML: string
}

/** Draws an Observable Plot description as stand-alone SVG text. Legends must be drawn as marks: a legend would make it HTML. */
export function plotSvg(options: Plot.PlotOptions): string {
  const page = parseHTML('<!doctype html><html><body></body></html>') as {
    readonly document: unknown
  }
  const element = Plot.plot({
    ...options,
    document: page.document as never,
    style: {
      fontFamily: 'system-ui, Helvetica, Arial, DejaVu Sans, sans-serif',
      ...(options.style as object),
    },
  }) as unknown as SvgElement
  element.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return element.outerHTML
}
