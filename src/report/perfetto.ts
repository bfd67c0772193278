/** One bar of a trace: who ran what, when. */
export interface TraceEvent {
  readonly name: string
  /** Row group and row, e.g. the core kind and the core. */
  readonly process: string
  readonly track: string
  readonly startUs: number
  readonly durationUs: number
  readonly args?: Readonly<Record<string, string | number>>
}

/** Chrome trace-event JSON (complete events), which ui.perfetto.dev and chrome://tracing open. */
export function perfettoTrace(events: readonly TraceEvent[]): string {
  const processes = new Map<string, number>()
  const tracks = new Map<string, number>()
  const out: object[] = []
  for (const event of events) {
    let pid = processes.get(event.process)
    if (pid === undefined) {
      pid = processes.size + 1
      processes.set(event.process, pid)
      out.push({ ph: 'M', name: 'process_name', pid, args: { name: event.process } })
    }
    const key = `${event.process}\n${event.track}`
    let tid = tracks.get(key)
    if (tid === undefined) {
      tid = tracks.size + 1
      tracks.set(key, tid)
      out.push({ ph: 'M', name: 'thread_name', pid, tid, args: { name: event.track } })
    }
    out.push({
      ph: 'X',
      name: event.name,
      pid,
      tid,
      ts: event.startUs,
      dur: event.durationUs,
      ...(event.args ? { args: event.args } : {}),
    })
  }
  return `{"displayTimeUnit":"ms","traceEvents":[\n${out.map((e) => JSON.stringify(e)).join(',\n')}\n]}\n`
}
