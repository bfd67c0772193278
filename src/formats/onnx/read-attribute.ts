import type { OnnxAttribute, OnnxTensor } from '../../model/index.js'
import type { ByteSource } from './byte-source.js'
import { readTensorMessage } from './read-tensor-message.js'
import type { WireReader } from './wire-reader.js'

// AttributeProto.AttributeType
const kinds: Readonly<Record<number, OnnxAttribute['kind']>> = {
  1: 'float',
  2: 'int',
  3: 'string',
  4: 'tensor',
  5: 'graph',
  6: 'floats',
  7: 'ints',
  8: 'strings',
}

/** Reads an AttributeProto: its name and value. */
export function readAttribute(reader: WireReader, source: ByteSource): [string, OnnxAttribute] {
  let name = ''
  let declared: OnnxAttribute['kind'] | undefined
  let seen: OnnxAttribute['kind'] | undefined
  let float = 0
  let int = 0
  let text = ''
  let tensor: OnnxTensor | undefined
  let graph: { offset: number; byteLength: number } | undefined
  const floats: number[] = []
  const ints: number[] = []
  const strings: string[] = []
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        name = reader.string()
        break
      case 2:
        float = reader.float32()
        seen = 'float'
        break
      case 3:
        int = reader.int64()
        seen = 'int'
        break
      case 4:
        text = reader.string()
        seen = 'string'
        break
      case 5:
        tensor = readTensorMessage(reader.message(), source)
        seen = 'tensor'
        break
      case 6:
        graph = reader.range()
        seen = 'graph'
        break
      case 7:
        reader.repeated((each) => floats.push(each.float32()))
        seen = 'floats'
        break
      case 8:
        reader.repeated((each) => ints.push(each.int64()))
        seen = 'ints'
        break
      case 9:
        strings.push(reader.string())
        seen = 'strings'
        break
      case 20:
        declared = kinds[reader.varint()] ?? 'other'
        break
      default:
        reader.skip()
    }
  }
  // The declared type decides, because default values (0, empty lists) are not written; very old files declare none.
  switch (declared ?? seen ?? 'other') {
    case 'float':
      return [name, { kind: 'float', value: float }]
    case 'int':
      return [name, { kind: 'int', value: int }]
    case 'string':
      return [name, { kind: 'string', value: text }]
    case 'tensor':
      return [name, tensor === undefined ? { kind: 'other' } : { kind: 'tensor', value: tensor }]
    case 'graph':
      return [name, graph === undefined ? { kind: 'other' } : { kind: 'graph', ...graph }]
    case 'floats':
      return [name, { kind: 'floats', value: floats }]
    case 'ints':
      return [name, { kind: 'ints', value: ints }]
    case 'strings':
      return [name, { kind: 'strings', value: strings }]
    case 'other':
      return [name, { kind: 'other' }]
  }
}
