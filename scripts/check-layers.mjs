// Runs dependency-cruiser and also fails when it cruised nothing: without TypeScript's compiler API
// it reports "no violations" over 0 modules and exits 0.
import { spawnSync } from 'node:child_process'

const run = spawnSync(
  process.execPath,
  [
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
    'src',
  ],
  { encoding: 'utf8', maxBuffer: 1 << 28 },
)
let report
try {
  report = JSON.parse(run.stdout)
} catch {
  process.stderr.write(run.stderr || run.stdout || 'dependency-cruiser printed nothing\n')
  process.exit(1)
}
const { totalCruised, totalDependenciesCruised, violations } = report.summary
for (const violation of violations) {
  const path = (violation.cycle ?? []).map((step) => step.name).join(' -> ')
  process.stderr.write(`${violation.rule.name}: ${violation.from} -> ${path || violation.to}\n`)
}
process.stdout.write(
  `layers: ${totalCruised} modules, ${totalDependenciesCruised} dependencies, ${violations.length} violations\n`,
)
if (violations.length > 0 || !(totalCruised > 0) || !(totalDependenciesCruised > 0)) process.exit(1)
