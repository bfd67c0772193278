export { readProfile } from './read-profile.js'
export { writeProfile } from './write-profile.js'
