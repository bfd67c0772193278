import { isMap, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml'
import { z } from 'zod'
import { InputError, nearestName, type Diagnostic, type Position } from '../base/index.js'

/** A validated YAML (or JSON) document: its value, and where each part of it stands in the text. */
export interface ParsedYaml<T> {
  readonly value: T
  /** Position of the value at `path`, or of its closest existing ancestor. */
  readonly at: (path: readonly (string | number)[]) => Position
}

/**
 * Parses YAML (JSON is a subset) and validates it against a zod schema.
 * @throws InputError with every problem of the text, each with file:line:column
 */
export function parseYaml<T>(text: string, file: string, schema: z.ZodType<T>): ParsedYaml<T> {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: true })
  if (document.errors.length > 0) {
    throw new InputError(
      document.errors.map((error): Diagnostic => {
        const { line, col } = counter.linePos(error.pos[0])
        return {
          code: 'E-YAML-001',
          at: { file, line, column: col },
          message: error.message.split(' at line ')[0],
        }
      }),
    )
  }
  const at = (path: readonly (string | number)[]): Position => {
    const node = nodeAt(document, path)
    const offset = node?.range?.[0] ?? 0
    const { line, col } = counter.linePos(offset)
    return { file, line, column: col }
  }
  const parsed = schema.safeParse(plainValue(document, file))
  if (!parsed.success) {
    throw new InputError(
      parsed.error.issues.flatMap((issue) =>
        issueDiagnostics(issue, document, schema, at, counter, file),
      ),
    )
  }
  return { value: parsed.data, at }
}

/** The document without anchors and aliases. @throws InputError when aliases of aliases would multiply without end */
function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS()
  } catch (error) {
    throw new InputError({
      code: 'E-YAML-005',
      at: { file, line: 1, column: 1 },
      message: `the aliases (*name) cannot be resolved: ${lowerFirst((error as Error).message)}`,
      hint: 'write the repeated parts out',
    })
  }
}

function nodeAt(document: Document, path: readonly (string | number)[]): Node | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (node !== undefined && node !== null && typeof node === 'object') return node as Node
  }
  return document.contents ?? undefined
}

function dotted(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the document' : `"${path.map(String).join('.')}"`
}

function issueDiagnostics(
  issue: z.core.$ZodIssue,
  document: Document,
  schema: z.ZodType,
  at: (path: readonly (string | number)[]) => Position,
  counter: LineCounter,
  file: string,
): Diagnostic[] {
  const path = issue.path as (string | number)[]
  if (issue.code === 'unrecognized_keys') {
    const parent = path.length > 0 ? document.getIn(path, true) : document.contents
    return issue.keys.map((key) => {
      const pair = isMap(parent)
        ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
        : undefined
      const offset = (pair?.key as Node | undefined)?.range?.[0]
      const position = offset === undefined ? at(path) : place(counter, offset, file)
      const near = nearestName(key, validKeys(schema, path))
      return {
        code: 'E-YAML-002',
        at: position,
        message: `unknown key "${key}" in ${dotted(path)}`,
        hint: near
          ? `did you mean "${near}"?`
          : `valid keys: ${validKeys(schema, path).join(', ')}`,
      }
    })
  }
  const found: unknown = path.length > 0 ? document.getIn(path) : document.toJS()
  const text =
    found === undefined
      ? 'nothing'
      : found === null
        ? 'null'
        : isScalarLike(found)
          ? JSON.stringify(found)
          : 'a structure'
  return [
    {
      code: issue.code === 'invalid_type' && found === undefined ? 'E-YAML-003' : 'E-YAML-004',
      at: at(path),
      message:
        found === undefined
          ? `missing ${dotted(path)}: ${lowerFirst(issue.message.replace(/, received undefined$/, ''))}`
          : `${dotted(path)} is ${text}: ${lowerFirst(issue.message.replace(/, received \w+$/, ''))}`,
    },
  ]
}

function place(counter: LineCounter, offset: number, file: string): Position {
  const { line, col } = counter.linePos(offset)
  return { file, line, column: col }
}

function isScalarLike(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** Keys that the schema knows at `path`, for suggestions; empty where the schema is not a plain object. */
function validKeys(schema: z.ZodType, path: readonly (string | number)[]): string[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchemaNode
  let nodes: JsonSchemaNode[] = [json]
  for (const step of path) {
    nodes = nodes
      .flatMap((node) => expand(node, json))
      .flatMap((node) => {
        const child =
          typeof step === 'number'
            ? (node.prefixItems?.[step] ?? node.items)
            : (node.properties?.[step] ?? node.additionalProperties)
        return child && typeof child === 'object' ? [child] : []
      })
  }
  return [
    ...new Set(
      nodes
        .flatMap((node) => expand(node, json))
        .flatMap((node) => Object.keys(node.properties ?? {})),
    ),
  ]
}

interface JsonSchemaNode {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchemaNode>>
  readonly properties?: Readonly<Record<string, JsonSchemaNode>>
  readonly additionalProperties?: JsonSchemaNode | boolean
  readonly items?: JsonSchemaNode
  readonly prefixItems?: readonly JsonSchemaNode[]
  readonly anyOf?: readonly JsonSchemaNode[]
  readonly oneOf?: readonly JsonSchemaNode[]
}

function expand(node: JsonSchemaNode, root: JsonSchemaNode): JsonSchemaNode[] {
  if (node.$ref?.startsWith('#/$defs/')) {
    const target = root.$defs?.[node.$ref.slice('#/$defs/'.length)]
    return target ? expand(target, root) : []
  }
  const alternatives = [...(node.anyOf ?? []), ...(node.oneOf ?? [])]
  return alternatives.length > 0 ? alternatives.flatMap((each) => expand(each, root)) : [node]
}
