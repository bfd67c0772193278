import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { writeProfile } from '../../src/formats/profiles/index.js'
import type { NetworkProfile } from '../../src/model/index.js'

const traces = new URL('../../presets/traces/', import.meta.url).pathname

/** Writes a preset: one compressed trace per profile, and a README whose title is its description in `heddle list`. */
export function writeTraceFolder(
  name: string,
  title: string,
  text: string,
  profiles: readonly NetworkProfile[],
): void {
  const folder = join(traces, name)
  mkdirSync(folder, { recursive: true })
  for (const profile of profiles) {
    const file = join(folder, `${profile.name}.csv.gz`)
    writeFileSync(file, gzipSync(writeProfile(profile), { level: 9 }))
    process.stdout.write(
      `${file}: ${profile.samples.length} samples, ${profile.layers.length} layers\n`,
    )
  }
  const { provenance, accelerator } = profiles[0]
  const about = `Provenance: ${provenance}. Latency model: ${accelerator}. The exact parameters are in the first lines of each file.`
  writeFileSync(join(folder, 'README.md'), `# ${title}\n\n${text}\n\n${about}\n`)
}
