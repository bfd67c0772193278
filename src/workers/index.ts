export type { JobOptions } from './run-jobs.js'
export { defaultThreads, runJobs } from './run-jobs.js'
