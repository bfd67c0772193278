export { readProfile } from './read-profile.js'
export { profileColumns, writeProfile } from './write-profile.js'
