import { describe, expect, test } from 'vitest'
import { readPlaceNetwork, readSchedule, readSoc } from '../../src/formats/place/index.js'

function times(text: string, file: string, kind: string): (number | undefined)[] {
  const network = readPlaceNetwork(text, file)
  return network.graph.operations.map(
    (operation) => network.costs?.cost(operation, { name: kind })?.latencyUs,
  )
}

function edges(text: string, file: string): number[][] {
  return readPlaceNetwork(text, file).graph.edges.map(({ from, to, volume }) => [from, to, volume])
}

describe('networks for place', () => {
  test('STG', () => {
    const text = ' 2\n 0 0 0\n 1 4 1 0\n 2 3.5 1 0\n 3 0 2 1 2\n# end\n'
    expect(times(text, 'a.stg', 'cpu')).toEqual([0, 4, 3.5, 0])
    expect(edges(text, 'a.stg')).toEqual([
      [0, 1, 0],
      [0, 2, 0],
      [1, 3, 0],
      [2, 3, 0],
    ])
    expect(() => readPlaceNetwork('1\n0 0 0\n1 x 1 9\n', 'a.stg')).toThrow(/a\.stg:3:3.*"x"/)
  })

  test('job shop and flexible job shop', () => {
    expect(times('2 2\n0 3 1 2\n1 4 0 1\n', 'a.jsp', 'm0')).toEqual([3, undefined, undefined, 1])
    expect(edges('2 2\n0 3 1 2\n1 4 0 1\n', 'a.jsp')).toEqual([
      [0, 1, 0],
      [2, 3, 0],
    ])
    expect(times('1 2 1\n2 2 1 5 2 6 1 2 7\n', 'a.fjs', 'm1')).toEqual([6, 7])
    expect(() => readPlaceNetwork('1 2\n7 3\n', 'a.jsp')).toThrow('names machine 7, there are 2')
  })

  test('CSV table', () => {
    const text = 'operation,type,after,npu,cpu\na,Input,,2,3\nb,Conv2D,a:40,,9\n'
    expect(times(text, 'a.csv', 'npu')).toEqual([2, undefined])
    expect(edges(text, 'a.csv')).toEqual([[0, 1, 40]])
    expect(() => readPlaceNetwork('operation,after,cpu\na,,1\nb,aa,2\n', 'a.csv')).toThrow(
      /a\.csv:3.*"aa".*did you mean "a"/s,
    )
  })

  test('Keras: a shared layer is one operation per call', () => {
    const layer = (name: string, type: string, inbound: unknown[]): object => ({
      class_name: type,
      name,
      config: { name },
      inbound_nodes: inbound,
    })
    const text = JSON.stringify({
      class_name: 'Functional',
      config: {
        name: 'm',
        layers: [
          layer('in', 'InputLayer', []),
          layer('c', 'Conv2D', [[['in', 0, 0, {}]], [['c', 0, 0, {}]]]),
          layer('add', 'Add', [
            [
              ['c', 0, 0, {}],
              ['c', 1, 0, {}],
            ],
          ]),
        ],
      },
    })
    expect(readPlaceNetwork(text, 'm.json').graph.operations.map((op) => op.name)).toEqual([
      'in',
      'c',
      'c:1',
      'add',
    ])
    expect(edges(text, 'm.json').map(([from, to]) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
      [1, 3],
      [2, 3],
    ])
  })

  test('WfCommons: files between parent and child are the volume', () => {
    const text = JSON.stringify({
      name: 'w',
      workflow: {
        specification: {
          tasks: [
            { name: 'x', id: 'x1', parents: [], outputFiles: ['f', 'g'] },
            { name: 'y', id: 'y1', parents: ['x1'], inputFiles: ['g'] },
          ],
          files: [
            { id: 'f', sizeInBytes: 10 },
            { id: 'g', sizeInBytes: 20 },
          ],
        },
        execution: {
          tasks: [
            { id: 'x1', runtimeInSeconds: 2 },
            { id: 'y1', runtimeInSeconds: 0.5 },
          ],
        },
      },
    })
    expect(times(text, 'w.json', 'cpu')).toEqual([2e6, 5e5])
    expect(edges(text, 'w.json')).toEqual([[0, 1, 20]])
  })

  test('TGFF', () => {
    const text = [
      '@TASK_GRAPH 0 {',
      'PERIOD 300',
      'TASK t0_0 TYPE 1',
      'TASK t0_1 TYPE 2',
      'ARC a0_0 FROM t0_0 TO t0_1 TYPE 0',
      'HARD_DEADLINE d0_0 ON t0_1 AT 200',
      '}',
      '@COMMUN 0 {',
      '# type quantity',
      '0 64',
      '}',
      '@PE 0 {',
      '# type version exec_time',
      '1 0 10',
      '2 0 20',
      '}',
    ].join('\n')
    expect(times(text, 'a.tgff', 'PE_0')).toEqual([10, 20])
    expect(edges(text, 'a.tgff')).toEqual([[0, 1, 64]])
    expect(readPlaceNetwork(text, 'a.tgff').deadlineUs).toBe(200)
  })

  test('a network of loop nests is told where times come from', () => {
    expect(() => readPlaceNetwork('kind: network\nname: x\n', 'x.yaml')).toThrow('heddle plan')
  })
})

describe('chips and schedules', () => {
  test('a chip with problems reports them together', () => {
    const text =
      'kind: soc\nname: x\ncores:\n  - name: npu\n    count: 1\n  - name: npu\n    count: 2\ninterconnect:\n  kind: bus\n'
    expect(() => readSoc(text, 'x.yaml')).toThrow(/E-SOC-001[\s\S]*E-SOC-002/)
    expect(() =>
      readSoc('kind: soc\nname: x\ncores:\n  - nam: npu\n    count: 1\n', 'x.yaml'),
    ).toThrow('did you mean "name"?')
  })
  test('a schedule alone or in the document of place', () => {
    const lists = { startUs: [0], endUs: [1], core: ['cpu'], coreId: [0] }
    expect(readSchedule(JSON.stringify(lists), 's.json').endUs).toEqual([1])
    expect(readSchedule(JSON.stringify({ schedule: lists, gap: 0 }), 's.json').core).toEqual([
      'cpu',
    ])
    expect(() => readSchedule('{"startUs":[0]}', 's.json')).toThrow('endUs')
  })
})
