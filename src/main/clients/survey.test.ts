import { expect, test } from 'vitest'
import { makeClientsWorld } from '../../../test/support/clients-world'
import type { ClientId } from '../../shared/clients'

test.each<[ClientId, string, string, string]>([
  [
    'codex',
    '.codex/config.toml',
    'model_provider = "azure"\n[model_providers.azure]\nbase_url = "https://x.openai.azure.com/openai/v1"\n',
    'https://x.openai.azure.com/openai/v1'
  ],
  [
    'opencode',
    '.config/opencode/opencode.json',
    '{"model": "g/m", "provider": {"g": {"options": {"baseURL": "https://g.example/v1beta/"}}}}',
    'https://g.example/v1beta/'
  ]
])('%s that goes elsewhere is shown with the address as it stands', async (client, path, text, url) => {
  const world = await makeClientsWorld()
  await world.place(path, text)
  expect((await world.connections.view(client)).state).toEqual({ kind: 'direct', url })
})
