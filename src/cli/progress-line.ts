import pc from 'picocolors'

/** Where progress is shown: a terminal, or a file or pipe. */
export interface ProgressStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const TTY_INTERVAL_MS = 60
const LOG_INTERVAL_MS = 5000

/** Progress on stderr: one line that redraws itself on a terminal, a plain line every five seconds elsewhere. */
export class ProgressLine {
  private last = 0
  private drawn = false
  private readonly started = Date.now()
  private readonly stream: ProgressStream
  private readonly quiet: boolean

  constructor(stream: ProgressStream, quiet: boolean) {
    this.stream = stream
    this.quiet = quiet
    // Short runs log nothing: the first plain line comes after one interval.
    if (!stream.isTTY) this.last = this.started
  }

  show(message: string, fraction?: number): void {
    if (this.quiet) return
    const now = Date.now()
    if (now - this.last < (this.stream.isTTY ? TTY_INTERVAL_MS : LOG_INTERVAL_MS)) return
    this.last = now
    const seconds = ((now - this.started) / 1000).toFixed(1)
    if (!this.stream.isTTY) {
      const percent = fraction === undefined ? '' : `${Math.round(100 * fraction)} % `
      this.stream.write(`[${seconds} s] ${percent}${message}\n`)
      return
    }
    const bar = fraction === undefined ? '' : `${drawBar(fraction, 20)} `
    const room = Math.max(20, (this.stream.columns ?? 80) - bar.length - seconds.length - 4)
    this.stream.write(
      `\r\u001b[2K${pc.cyan(bar)}${message.slice(0, room)} ${pc.dim(`${seconds} s`)}`,
    )
    this.drawn = true
  }

  note(message: string): void {
    if (this.quiet) return
    this.clear()
    this.stream.write(message + '\n')
  }

  clear(): void {
    if (!this.drawn) return
    this.stream.write('\r\u001b[2K')
    this.drawn = false
  }
}

function drawBar(fraction: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * width)
  return '━'.repeat(full) + '─'.repeat(width - full)
}
