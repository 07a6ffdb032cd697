import { clientPreview, clientView, type ClientPreview, type ClientView } from '../../../src/shared/clients'

/** An assistant that was found and is not connected. */
export function sampleClient(name: string, change: Partial<Record<keyof ClientView, unknown>> = {}): ClientView {
  const id = name.toLowerCase().replaceAll(' ', '-')
  return clientView.parse({
    id,
    name,
    protocols: ['anthropic'],
    modelSlots: [],
    found: true,
    program: null,
    folder: `/home/ada/.${id}`,
    files: [],
    state: { kind: 'direct', url: null },
    conflicts: [],
    key: null,
    options: {},
    canLaunch: false,
    ...change
  })
}

export function sampleClientPreview(
  client: ClientPreview['client'],
  change: Partial<Record<keyof ClientPreview, unknown>> = {}
): ClientPreview {
  const path = '/home/ada/.claude/settings.json'
  return clientPreview.parse({
    client,
    action: 'apply',
    changes: [],
    left: [],
    files: [
      {
        path,
        diff: `--- ${path}\n+++ ${path}\n@@ -1,1 +1,3 @@\n {\n+  "env": { "ANTHROPIC_BASE_URL": "http://127.0.0.1:8080" }\n }\n`,
        effect: 'change'
      }
    ],
    missingFolders: [],
    problems: [],
    conflicts: [],
    basis: 'basis-1',
    ...change
  })
}
