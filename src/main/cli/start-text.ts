/** What is told when the gateway listens: the only text of the program that may hold secrets. */
export interface Started {
  readonly version: string
  /** `http://127.0.0.1:8080` */
  readonly gateway: string
  /** The page's address without its token; null when it is not served. */
  readonly ui: string | null
  readonly managementToken: string
  readonly clientKey: string
  /** null when there is no channel to ask. */
  readonly curl: string | null
}

/** One line for programs, its fields in this order (docs/deployment.md). */
export function startLine({ gateway, ui, managementToken, clientKey }: Omit<Started, 'curl'>): string {
  return `${JSON.stringify({ event: 'listening', gateway, ui, managementToken, clientKey })}\n`
}

/** For people. */
export function startText({ version, gateway, ui, managementToken, clientKey, curl }: Started): string {
  const lines = [
    `Routex ${version} listens.`,
    '',
    `  Gateway      ${gateway}`,
    ...(ui === null ? [] : [`  UI           ${ui}#token=${managementToken}`]),
    `  Client key   ${clientKey}`,
    '',
    ...(curl === null ? ['Add a channel to send requests.'] : ['Try it:', '', `  ${curl}`]),
    ''
  ]
  return `${lines.join('\n')}\n`
}
