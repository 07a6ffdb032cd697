import ts from 'typescript-eslint'
import { layering } from './layers.js'

/** The layering rule and nothing else, on plain syntax: what the table's own test lints with. */
export default [
  {
    files: ['src/**/*.ts'],
    languageOptions: { parser: ts.parser },
    plugins: { routex: layering },
    rules: { 'routex/layers': 'error' }
  }
]
