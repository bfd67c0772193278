// Runs the benchmarks as compiled modules, as users run Heddle. A loader that compiles on the fly may detach a buffer,
// upon which V8 checks every access to any typed array for detached ones: a quarter of the speed of the inner loops.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

// Compiled modules find their data where they lie beside the sources.
for (const data of ['presets', 'test/golden/data']) {
  const [there, here] = [`../${data}`, `../build/${data}`].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  )
  if (existsSync(here)) continue
  mkdirSync(dirname(here), { recursive: true })
  symlinkSync(there, here, 'junction')
}
await import('../build/bench/main.js')
