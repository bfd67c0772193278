import fc from 'fast-check'

// The same cases in every run, so that a change is what makes a test fail; another seed looks at others.
fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 1) })
