import { escapeMarkup } from './escape.js'
import { themeCss } from './palette.js'
import type { Column } from './table.js'

/** One part of a report page. */
export type Section =
  | { readonly kind: 'text'; readonly paragraphs: readonly string[] }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'figure'; readonly svg: string; readonly caption: string }
  | { readonly kind: 'table'; readonly html: string; readonly caption?: string }
  | { readonly kind: 'code'; readonly text: string; readonly caption?: string }
  | { readonly kind: 'details'; readonly summary: string; readonly sections: readonly Section[] }
  | { readonly kind: 'heading'; readonly text: string }

/** A headline number with its meaning. */
export interface Fact {
  readonly label: string
  readonly value: string
}

export interface Page {
  readonly title: string
  /** One sentence under the title: what was asked. */
  readonly lead: string
  readonly sections: readonly Section[]
  /** The command that reproduces the page, and the version that made it. */
  readonly footer: string
}

/** A table as a page section; numbers are right-aligned like in {@link textTable}. */
export function tableSection<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  caption?: string,
): Section {
  const side = (column: Column<Row>): string => (column.align === 'left' ? ' class="l"' : '')
  const head = columns.map((c) => `<th${side(c)}>${escapeMarkup(c.title)}</th>`).join('')
  const body = rows
    .map(
      (row) =>
        `<tr>${columns.map((c) => tableCell(String(c.cell(row)), c.align === 'left')).join('')}</tr>`,
    )
    .join('\n')
  return {
    kind: 'table',
    html: `<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`,
    ...(caption === undefined ? {} : { caption }),
  }
}

/** Cells with more than this many characters of text may be broken into lines. */
const LONG_CELL = 40

function tableCell(text: string, left: boolean): string {
  const kind = left ? ` class="${text.length > LONG_CELL ? 'l long' : 'l'}"` : ''
  return `<td${kind}>${escapeMarkup(text)}</td>`
}

/** A self-contained HTML page: no script, no outside file; opens from disk and prints well. */
export function renderPage(page: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${escapeMarkup(page.title)}</h1><p class="lead">${escapeMarkup(page.lead)}</p></header>
<main>
${page.sections.map(renderSection).join('\n')}
</main>
<footer>${escapeMarkup(page.footer)}</footer>
</body>
</html>
`
}

function renderSection(section: Section): string {
  switch (section.kind) {
    case 'heading':
      return `<h2>${escapeMarkup(section.text)}</h2>`
    case 'text':
      return section.paragraphs.map((text) => `<p>${escapeMarkup(text)}</p>`).join('\n')
    case 'facts':
      return `<dl class="facts">${section.facts
        .map((f) => `<div><dt>${escapeMarkup(f.label)}</dt><dd>${escapeMarkup(f.value)}</dd></div>`)
        .join('')}</dl>`
    case 'figure':
      return `<figure><div class="scroll">${section.svg}</div><figcaption>${escapeMarkup(section.caption)}</figcaption></figure>`
    case 'table':
      return `<figure>${section.caption ? `<figcaption>${escapeMarkup(section.caption)}</figcaption>` : ''}<div class="scroll">${section.html}</div></figure>`
    case 'code':
      return `<figure>${section.caption ? `<figcaption>${escapeMarkup(section.caption)}</figcaption>` : ''}<pre>${escapeMarkup(section.text)}</pre></figure>`
    case 'details':
      return `<details><summary>${escapeMarkup(section.summary)}</summary>\n${section.sections.map(renderSection).join('\n')}\n</details>`
  }
}

const STYLE = `
${themeCss()}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 2.2rem 1.6rem 3rem; color: var(--ink); background: var(--paper);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; letter-spacing: -.01em; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; padding-top: .9rem; border-top: 1px solid var(--line); }
p { max-width: 76ch; margin: .5rem 0; }
.lead { color: var(--soft); font-size: 1.05rem; margin: 0 0 1.2rem; }
.facts { display: flex; flex-wrap: wrap; gap: .7rem; margin: 1rem 0; padding: 0; }
.facts div { background: var(--tint); border-radius: 8px; padding: .6rem .95rem; min-width: 9rem; }
.facts dt { color: var(--soft); font-size: .8rem; }
.facts dd { margin: 0; font-size: 1.2rem; font-weight: 600; font-variant-numeric: tabular-nums; }
figure { margin: 1rem 0 1.4rem; }
figcaption { color: var(--soft); font-size: .88rem; margin: .35rem 0; max-width: 90ch; }
.scroll { overflow-x: auto; }
svg { max-width: 100%; height: auto; }
@media (max-width: 720px) { .scroll > svg { max-width: none; } }
table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { padding: .28rem .7rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 600; position: sticky; top: 0; background: var(--paper); }
.l { text-align: left; }
td.long { white-space: normal; min-width: 16rem; }
tbody tr:hover { background: var(--tint); }
pre { background: var(--tint); padding: .9rem 1.1rem; border-radius: 8px; overflow-x: auto;
  font: 12.5px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
details { border: 1px solid var(--line); border-radius: 8px; padding: .5rem .9rem; margin: .6rem 0; }
summary { cursor: pointer; font-weight: 600; }
footer { margin-top: 2.5rem; padding-top: .8rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .82rem; }
@media print { details { border: none; } body { max-width: none; padding: 0; } }
`
