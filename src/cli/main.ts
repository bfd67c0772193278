#!/usr/bin/env node
import { runCommandLine } from './run-command-line.js'

// A closed pipe (`heddle … | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  process.stderr.write(`error [E-OUT-003] cannot write to stdout: ${error.message}\n`)
  process.exit(2)
})

process.exitCode = await runCommandLine(process.argv.slice(2))
