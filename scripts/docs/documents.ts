import { format, resolveConfig } from 'prettier'
import { apiReference } from './api-reference'
import { configSchema } from './config-schema'
import { protocolsPage } from './protocols-page'

/** A file that is made of the sources, at its path from the root. */
export interface GeneratedDocument {
  readonly path: string
  readonly text: string
}

/** Everything that is generated, formatted as the rest of the repository is. */
export async function documents(root: string): Promise<readonly GeneratedDocument[]> {
  const made = [
    { path: 'docs/api.md', text: apiReference(), parser: 'markdown' },
    { path: 'docs/protocols.md', text: protocolsPage(), parser: 'markdown' },
    { path: 'resources/routex.schema.json', text: JSON.stringify(configSchema()), parser: 'json' }
  ]
  const style = await resolveConfig(`${root}/package.json`)
  return Promise.all(
    made.map(async ({ path, text, parser }) => ({ path, text: await format(text, { ...style, parser, plugins: [] }) }))
  )
}
