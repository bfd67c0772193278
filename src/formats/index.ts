export type { ParsedYaml } from './parse-yaml.js'
export { parseYaml } from './parse-yaml.js'
export { inputSchemas, resultSchemas } from './schemas.js'
