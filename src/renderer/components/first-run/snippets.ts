import { assistantSnippets } from './assistant-snippets'
import type { ClientId, Snippet, SnippetValues } from './clients'
import { curlSnippet } from './curl-snippet'
import { sdkSnippets } from './sdk-snippets'

/** What to copy where, so that this client asks Routex. */
export function snippetsOf(client: ClientId, values: SnippetValues): readonly Snippet[] {
  switch (client) {
    case 'curl':
      return [curlSnippet(values)]
    case 'python':
    case 'typescript':
      return sdkSnippets(client, values)
    default:
      return assistantSnippets(client, values)
  }
}
