import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { start, type Running } from './child-process.ts'
import { temporaryFolder } from './temporary-folder.ts'

export type TargetName = 'direct' | 'bare relay' | 'nginx' | 'Routex'

/** Something that a client can send its requests to. */
export interface Target {
  readonly name: TargetName
  readonly port: number
  /** null for `direct`: there is no process between. */
  readonly running: Running | null
}

/** The port in the line that a child tells when it listens. */
function toldPort(told: string): number {
  const { gateway } = JSON.parse(told) as { readonly gateway: string }
  return Number(new URL(gateway).port)
}

export async function startUpstream(): Promise<Target> {
  const args = [fileURLToPath(import.meta.resolve('./upstream.ts'))]
  const running = await start({ name: 'the fake upstream', command: process.execPath, args })
  return { name: 'direct', port: toldPort(running.told), running }
}

export async function startBareRelay(upstreamPort: number, nodeFlags: readonly string[]): Promise<Target> {
  const code = await withoutTypes(new URL(import.meta.resolve('./bare-relay.ts')))
  const args = [...nodeFlags, '--input-type=module', '--eval', code, `http://127.0.0.1:${upstreamPort}`]
  const running = await start({ name: 'the bare relay', command: process.execPath, args })
  return { name: 'bare relay', port: toldPort(running.told), running }
}

async function withoutTypes(file: URL): Promise<string> {
  const { default: typescript } = await import('typescript')
  const compilerOptions = { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2024 }
  return typescript.transpileModule(readFileSync(file, 'utf8'), { compilerOptions }).outputText
}

/** Its version, or null where it is not installed. */
export function nginxVersion(): string | null {
  const { error, stderr } = spawnSync('nginx', ['-v'], { encoding: 'utf8' })
  return error === undefined ? (/nginx\/(\S+)/.exec(stderr)?.[1] ?? null) : null
}

/** nginx as a relay: one process, keep-alive to the upstream, nothing buffered, nothing logged. */
export async function startNginx(upstreamPort: number): Promise<Target> {
  const dir = temporaryFolder('nginx')
  const port = await freePort()
  const file = join(dir, 'nginx.conf')
  writeFileSync(file, nginxConfig(dir, port, upstreamPort))
  const args = ['-p', dir, '-c', file, '-e', join(dir, 'error.log')]
  const running = await start({ name: 'nginx', command: 'nginx', args, readyPort: port })
  return { name: 'nginx', port, running }
}

function nginxConfig(dir: string, port: number, upstreamPort: number): string {
  return `
daemon off;
master_process off;
pid ${dir}/nginx.pid;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path ${dir}/body;
  proxy_temp_path ${dir}/proxy;
  fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi;
  scgi_temp_path ${dir}/scgi;
  client_max_body_size 64m;
  client_body_buffer_size 2m;
  keepalive_requests 1000000000;
  upstream fake { server 127.0.0.1:${upstreamPort}; keepalive 2048; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://fake;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
