/** Netlist in the JSON form of Yosys (`write_json`), as far as it is needed here. */
export interface YosysNetlist {
  readonly modules: Readonly<Record<string, YosysModule>>
}
type Bit = number | '0' | '1' | 'x' | 'z'
interface YosysModule {
  readonly ports: Readonly<
    Record<string, { readonly direction: string; readonly bits: readonly Bit[] }>
  >
  readonly cells: Readonly<Record<string, YosysCell>>
  readonly netnames: Readonly<Record<string, { readonly bits: readonly Bit[] }>>
}
interface YosysCell {
  readonly type: string
  readonly parameters: Readonly<Record<string, string>>
  readonly port_directions: Readonly<Record<string, string>>
  readonly connections: Readonly<Record<string, readonly Bit[]>>
}

/**
 * Runs a flat word-level netlist clock by clock, two-valued: undefined bits are 0, every register and memory starts at
 * 0. One clock domain; the clock itself is not a signal here.
 */
export class NetlistEvaluator {
  private readonly values: Uint8Array
  private readonly module: YosysModule
  private readonly combinational: readonly (() => void)[]
  private readonly sample: readonly (() => void)[]
  private readonly update: readonly (() => void)[]
  private readonly asynchronous = new Map<YosysCell, () => void>()

  constructor(netlist: YosysNetlist, top: string) {
    this.module = netlist.modules[top]
    const cells = Object.values(this.module.cells).filter((cell) => cell.type !== '$scopeinfo')
    let highest = 2
    for (const cell of cells)
      for (const bits of Object.values(cell.connections))
        for (const bit of bits) if (typeof bit === 'number') highest = Math.max(highest, bit)
    for (const port of Object.values(this.module.ports))
      for (const bit of port.bits) if (typeof bit === 'number') highest = Math.max(highest, bit)
    this.values = new Uint8Array(highest + 1)
    this.values[1] = 1
    const sample: (() => void)[] = []
    const update: (() => void)[] = []
    const logic: YosysCell[] = []
    for (const cell of cells) {
      if (cell.type.startsWith('$mem')) {
        this.addMemory(cell, sample, update)
        if (this.asynchronous.has(cell)) logic.push(asLogic(cell))
      } else if (/^\$s?dff/.test(cell.type)) this.addRegister(cell, sample, update)
      else logic.push(cell)
    }
    this.sample = sample
    this.update = update
    this.combinational = inOrder(logic).map(
      (cell) => this.asynchronous.get(sourceOf(cell)) ?? this.compile(cell),
    )
  }

  /** Drives an input port. */
  set(port: string, value: number | bigint): void {
    let rest = BigInt(value)
    for (const net of nets(this.module.ports[port].bits)) {
      this.values[net] = Number(rest & 1n)
      rest >>= 1n
    }
  }

  /** Value of a port or named net, up to 53 bits. */
  get(name: string): number {
    const bits = this.module.ports[name]?.bits ?? this.module.netnames[name]?.bits
    if (bits === undefined) throw new RangeError(`no net ${name}`)
    return this.read(nets(bits))
  }

  /** Lets the inputs spread through the logic. */
  settle(): void {
    for (const evaluate of this.combinational) evaluate()
  }

  /** One clock edge; inputs must have been settled. */
  clock(): void {
    for (const take of this.sample) take()
    for (const put of this.update) put()
    this.settle()
  }

  private read(list: Int32Array): number {
    let value = 0
    for (let i = list.length - 1; i >= 0; i--) value = value * 2 + this.values[list[i]]
    return value
  }

  private write(list: Int32Array, value: number): void {
    let rest = value
    for (const net of list) {
      this.values[net] = rest % 2
      rest = Math.floor(rest / 2)
    }
  }

  private addRegister(cell: YosysCell, sample: (() => void)[], update: (() => void)[]): void {
    const { values } = this
    const d = nets(cell.connections.D)
    const q = nets(cell.connections.Q)
    const enable = cell.connections.EN ? nets(cell.connections.EN)[0] : 1
    const reset = cell.connections.SRST ? nets(cell.connections.SRST)[0] : 0
    const enableOn = parameter(cell, 'EN_POLARITY', 1)
    const resetOn = parameter(cell, 'SRST_POLARITY', 1)
    const resetValue = Array.from(cell.parameters.SRST_VALUE ?? '')
      .reverse()
      .map((c) => (c === '1' ? 1 : 0))
    const resetNeedsEnable = cell.type === '$sdffce'
    const next = new Uint8Array(q.length)
    if (!/^\$s?dffc?e?$/.test(cell.type)) throw new Error(`register ${cell.type} is not known`)
    sample.push(() => {
      const enabled = values[enable] === enableOn
      const isReset =
        cell.connections.SRST !== undefined &&
        values[reset] === resetOn &&
        (!resetNeedsEnable || enabled)
      for (let i = 0; i < q.length; i++)
        next[i] = isReset ? resetValue[i] : enabled ? values[d[i]] : values[q[i]]
    })
    update.push(() => {
      for (let i = 0; i < q.length; i++) values[q[i]] = next[i]
    })
  }

  private addMemory(cell: YosysCell, sample: (() => void)[], update: (() => void)[]): void {
    const { values } = this
    const width = parameter(cell, 'WIDTH', 1)
    const addressBits = parameter(cell, 'ABITS', 1)
    if (cell.type !== '$mem_v2' || parameter(cell, 'RD_PORTS', 1) !== 1)
      throw new Error('only memories with one read and one write port')
    const words = new Uint8Array(width * 2 ** addressBits)
    const readAddress = nets(cell.connections.RD_ADDR)
    const readData = nets(cell.connections.RD_DATA)
    const writeAddress = nets(cell.connections.WR_ADDR)
    const writeData = nets(cell.connections.WR_DATA)
    const writeEnable = nets(cell.connections.WR_EN)
    const readEnable = nets(cell.connections.RD_EN)[0]
    sample.push(() => {
      const to = this.read(writeAddress) * width
      for (let i = 0; i < width; i++)
        if (values[writeEnable[i]] === 1) words[to + i] = values[writeData[i]]
    })
    if (parameter(cell, 'RD_CLK_ENABLE', 0) !== 1) {
      this.asynchronous.set(cell, () => {
        const from = this.read(readAddress) * width
        for (let i = 0; i < width; i++) values[readData[i]] = words[from + i]
      })
      return
    }
    const out = new Uint8Array(width)
    // The read comes first: it sees the word from before this clock's write.
    sample.unshift(() => {
      const from = this.read(readAddress) * width
      if (values[readEnable] === 1) out.set(words.subarray(from, from + width))
    })
    update.push(() => {
      for (let i = 0; i < width; i++) values[readData[i]] = out[i]
    })
  }

  private compile(cell: YosysCell): () => void {
    const { values } = this
    const c = cell.connections
    const a = c.A ? nets(c.A) : EMPTY
    const b = c.B ? nets(c.B) : EMPTY
    const s = c.S ? nets(c.S) : EMPTY
    const y = nets(c.Y)
    const signed = parameter(cell, 'A_SIGNED', 0) === 1 && parameter(cell, 'B_SIGNED', 1) === 1
    const extend = (list: Int32Array, length: number): Int32Array =>
      Int32Array.from({ length }, (_, i) =>
        i < list.length ? list[i] : signed && list.length > 0 ? list[list.length - 1] : 0,
      )
    const any = (list: Int32Array): boolean => list.some((net) => values[net] === 1)
    const one = (test: () => boolean) => () => this.write(y, test() ? 1 : 0)
    const bitwise = (op: (p: number, q: number) => number): (() => void) => {
      const p = extend(a, y.length)
      const q = extend(b, y.length)
      return () => {
        for (let i = 0; i < y.length; i++) values[y[i]] = op(values[p[i]], values[q[i]]) & 1
      }
    }
    const compare = (test: (order: number) => boolean): (() => void) => {
      const length = Math.max(a.length, b.length)
      const p = extend(a, length)
      const q = extend(b, length)
      return one(() => {
        for (let i = length - 1; i >= 0; i--) {
          const d = values[p[i]] - values[q[i]]
          if (d !== 0) return test(signed && i === length - 1 ? -d : d)
        }
        return test(0)
      })
    }
    const sum = (invert: number): (() => void) => {
      const p = extend(a, y.length)
      const q = extend(b, y.length)
      return () => {
        let carry = invert
        for (let i = 0; i < y.length; i++) {
          const total = values[p[i]] + (values[q[i]] ^ invert) + carry
          values[y[i]] = total & 1
          carry = total >> 1
        }
      }
    }
    const big = (list: Int32Array): bigint => {
      let value = 0n
      for (let i = list.length - 1; i >= 0; i--) value = value * 2n + BigInt(values[list[i]])
      return value
    }
    switch (cell.type) {
      case '$and':
        return bitwise((p, q) => p & q)
      case '$or':
        return bitwise((p, q) => p | q)
      case '$xor':
        return bitwise((p, q) => p ^ q)
      case '$xnor':
        return bitwise((p, q) => ~(p ^ q))
      case '$not':
        return bitwise((p) => 1 - p)
      case '$pos':
        return bitwise((p) => p)
      case '$add':
        return sum(0)
      case '$sub':
        return sum(1)
      case '$neg': {
        const q = extend(a, y.length)
        return () => {
          let carry = 1
          for (let i = 0; i < y.length; i++) {
            const total = (values[q[i]] ^ 1) + carry
            values[y[i]] = total & 1
            carry = total >> 1
          }
        }
      }
      case '$mul':
        return () => {
          let rest = signed
            ? BigInt.asUintN(
                y.length,
                BigInt.asIntN(a.length, big(a)) * BigInt.asIntN(b.length, big(b)),
              )
            : big(a) * big(b)
          for (const net of y) {
            values[net] = Number(rest & 1n)
            rest >>= 1n
          }
        }
      case '$eq':
      case '$eqx':
        return compare((order) => order === 0)
      case '$ne':
      case '$nex':
        return compare((order) => order !== 0)
      case '$lt':
        return compare((order) => order < 0)
      case '$le':
        return compare((order) => order <= 0)
      case '$gt':
        return compare((order) => order > 0)
      case '$ge':
        return compare((order) => order >= 0)
      case '$logic_not':
        return one(() => !any(a))
      case '$logic_and':
        return one(() => any(a) && any(b))
      case '$logic_or':
        return one(() => any(a) || any(b))
      case '$reduce_or':
      case '$reduce_bool':
        return one(() => any(a))
      case '$reduce_and':
        return one(() => a.every((net) => values[net] === 1))
      case '$reduce_xor':
        return one(() => a.reduce((parity, net) => parity ^ values[net], 0) === 1)
      case '$mux':
        return () => {
          const from = values[s[0]] === 1 ? b : a
          for (let i = 0; i < y.length; i++) values[y[i]] = values[from[i]]
        }
      case '$pmux':
        return () => {
          const at = s.findIndex((net) => values[net] === 1)
          for (let i = 0; i < y.length; i++)
            values[y[i]] = at < 0 ? values[a[i]] : values[b[at * y.length + i]]
        }
      case '$bmux':
        return () => {
          const at = this.read(s)
          for (let i = 0; i < y.length; i++) values[y[i]] = values[a[at * y.length + i]]
        }
      case '$demux':
        return () => {
          const at = this.read(s)
          for (let i = 0; i < y.length; i++)
            values[y[i]] = Math.floor(i / a.length) === at ? values[a[i % a.length]] : 0
        }
      case '$shl':
      case '$sshl':
        return this.shift(a, b, y, -1, signed)
      case '$shr':
        return this.shift(a, b, y, 1, false)
      case '$sshr':
        return this.shift(a, b, y, 1, parameter(cell, 'A_SIGNED', 0) === 1)
      case '$shift':
      case '$shiftx': {
        if (parameter(cell, 'B_SIGNED', 0) === 0) return this.shift(a, b, y, 1, false)
        return () => {
          const raw = this.read(b)
          const amount = values[b[b.length - 1]] === 1 ? raw - 2 ** b.length : raw
          const next = Array.from(y, (_, i) => values[a[i + amount] ?? 0])
          for (let i = 0; i < y.length; i++) values[y[i]] = next[i]
        }
      }
      default:
        throw new Error(`cell ${cell.type} is not known`)
    }
  }

  private shift(
    a: Int32Array,
    b: Int32Array,
    y: Int32Array,
    direction: 1 | -1,
    arithmetic: boolean,
  ): () => void {
    const { values } = this
    return () => {
      const amount = this.read(b) * direction
      const fill = arithmetic ? values[a[a.length - 1]] : 0
      for (let i = 0; i < y.length; i++) {
        const at = i + amount
        values[y[i]] = at < 0 ? 0 : at < a.length ? values[a[at]] : fill
      }
    }
  }
}

const EMPTY = new Int32Array(0)

/** An asynchronous read port looks like a gate from address to data. */
function asLogic(memory: YosysCell): YosysCell {
  const { RD_ADDR: A, RD_DATA: Y } = memory.connections
  const cell = { ...memory, connections: { A, Y } }
  sources.set(cell, memory)
  return cell
}
const sources = new WeakMap<YosysCell, YosysCell>()
function sourceOf(cell: YosysCell): YosysCell {
  return sources.get(cell) ?? cell
}

/** Net numbers of bits; constants share nets 0 and 1, which Yosys never uses. */
function nets(bits: readonly Bit[]): Int32Array {
  return Int32Array.from(bits, (bit) => (typeof bit === 'number' ? bit : bit === '1' ? 1 : 0))
}

function parameter(cell: YosysCell, name: string, fallback: number): number {
  const text = cell.parameters[name]
  return text === undefined ? fallback : Number(BigInt(`0b${text.replaceAll(/[^01]/g, '0')}`))
}

/** Cells so that every one comes after those it reads from. */
function inOrder(cells: readonly YosysCell[]): YosysCell[] {
  const driver = new Map<number, YosysCell>()
  for (const cell of cells)
    for (const bit of cell.connections.Y) if (typeof bit === 'number') driver.set(bit, cell)
  const done = new Map<YosysCell, boolean>()
  const order: YosysCell[] = []
  const visit = (root: YosysCell): void => {
    const stack: YosysCell[] = [root]
    while (stack.length > 0) {
      const cell = stack[stack.length - 1]
      if (done.get(cell) === true) {
        stack.pop()
        continue
      }
      if (!done.has(cell)) {
        done.set(cell, false)
        for (const [port, bits] of Object.entries(cell.connections)) {
          if (port === 'Y') continue
          for (const bit of bits) {
            const source = typeof bit === 'number' ? driver.get(bit) : undefined
            if (source === undefined || done.get(source) === true) continue
            if (done.get(source) === false && stack.includes(source))
              throw new Error(`combinational loop through ${cell.type}`)
            stack.push(source)
          }
        }
      } else {
        done.set(cell, true)
        order.push(cell)
        stack.pop()
      }
    }
  }
  for (const cell of cells) visit(cell)
  return order
}
