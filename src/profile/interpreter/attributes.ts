import type { OnnxNode } from '../../model/index.js'

/** Integer attribute, or its default. */
export function intOf(node: OnnxNode, name: string, otherwise: number): number {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'int' ? attribute.value : otherwise
}

export function floatOf(node: OnnxNode, name: string, otherwise: number): number {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'float' ? attribute.value : otherwise
}

export function intsOf(node: OnnxNode, name: string): readonly number[] | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'ints' ? attribute.value : undefined
}

export function stringOf(node: OnnxNode, name: string, otherwise: string): string {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'string' ? attribute.value : otherwise
}
