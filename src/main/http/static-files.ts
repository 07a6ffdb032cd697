import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { answerJson } from './answer-json'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2'
}

/** The page loads nothing from elsewhere, runs nothing inline, and can't be framed. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY'
}

export type StaticFiles = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>

/** Every file below `root` by its path with slashes. */
async function listFiles(root: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(files.map((file) => [relative(root, file).split(sep).join('/'), file]))
}

/**
 * Serves the built page. Paths are looked up in the list of the files that are there, made at the first request, so no
 * path can lead out of the folder. The bundler names assets by their content, so those may be kept for ever.
 */
export function createStaticFiles(root: string): StaticFiles {
  let listed: ReadonlyMap<string, string> | null = null
  return async (request, response, path) => {
    listed ??= await listFiles(root)
    const name = path === '' ? 'index.html' : path
    const file = listed.get(name)
    if (file === undefined) {
      answerJson(response, 404, { code: 'not_found', message: `The UI has no file ${name}` })
      return
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'cache-control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...SECURITY_HEADERS
    })
    if (request.method === 'HEAD') response.end()
    else await pipeline(createReadStream(file), response)
  }
}
