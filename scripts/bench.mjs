// Runs the benchmarks as compiled modules, as users run Heddle. A loader that compiles on the fly may detach a buffer,
// upon which V8 checks every access to any typed array for detached ones: a quarter of the speed of the inner loops.
import { existsSync, symlinkSync } from 'node:fs'

const presets = new URL('../build/presets', import.meta.url)
if (!existsSync(presets)) symlinkSync('../presets', presets, 'junction')
await import('../build/bench/main.js')
