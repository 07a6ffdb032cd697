import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { packApp, type PackedApp } from '../../support/electron/pack'
import { makeTempDir } from '../../support/temp-dir'
import { askGateway, callFromPage, gatewayOf, openDesktop } from './open-desktop'

const prebuild = `${process.platform}-${process.arch}.node`
/** What follows this in the binary is a version, a count, and a digit for each fuse. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

describe.runIf(process.platform === 'linux')('the packed app', () => {
  let packed: PackedApp
  beforeAll(async () => {
    packed = await packApp()
  })
  const matching = (pattern: RegExp): readonly string[] => packed.archived.filter((file) => pattern.test(file))

  test('holds the whole build, its resources and nothing else at the top', () => {
    const top = new Set(packed.archived.map((file) => file.split('/', 1)[0]))
    expect([...top].sort()).toEqual(['node_modules', 'out', 'package.json', 'resources'])
    const built = globSync(['out/**', 'resources/**'], { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
    expect(built.filter((file) => !packed.archived.includes(file))).toEqual([])
    for (const file of [
      'out/main/index.js',
      'out/main/log-worker.js',
      'out/main/token-worker.js',
      'out/preload/index.cjs',
      'out/renderer/index.html',
      'resources/icon.png',
      'resources/tray/on.png',
      'resources/tray/troubleTemplate@2x.png'
    ])
      expect(packed.archived).toContain(file)
  })

  test('holds no sources, no tests, no settings of a developer and no secrets', () => {
    expect(matching(/^(src|test|bench|scripts|tools|docs|build|messages|\.)/)).toEqual([])
    expect(matching(/(^|\/)\.env|\.(pem|key|p12|db|tsbuildinfo)$/)).toEqual([])
    expect(matching(/\.(test|spec)\.[cm]?[jt]s$/)).toEqual([])
    expect(matching(/\.(ts|svelte|map)$/)).toEqual([])
  })

  test('holds the packages that run, and none of those that build', async () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>
    const developed = Object.keys(manifest['devDependencies'] ?? {})
    for (const name of developed) expect(matching(new RegExp(`^node_modules/${name}(/|$)`)), name).toEqual([])
    const bundled = ['zod']
    const shipped = Object.keys(manifest['dependencies'] ?? {}).filter((name) => !bundled.includes(name))
    for (const name of shipped) expect(packed.archived, name).toContain(`node_modules/${name}/package.json`)
  })

  test("has this system's prebuild of better-sqlite3 beside the archive, and no other's", () => {
    expect(matching(/better-sqlite3\/prebuilds\/./)).toEqual([`node_modules/better-sqlite3/prebuilds/${prebuild}`])
    expect(matching(/better-sqlite3\/(src|deps|build|binding)/)).toEqual([])
    const beside = join(packed.folder, 'resources', 'app.asar.unpacked', 'node_modules', 'better-sqlite3', 'prebuilds')
    expect(readdirSync(beside)).toEqual([prebuild])
  })

  test('has its fuses set: no Node by variable or argument, only the archive, checked', () => {
    const binary = readFileSync(join(packed.folder, 'routex')).toString('latin1')
    const at = binary.indexOf(FUSE_SENTINEL) + FUSE_SENTINEL.length
    const [runAsNode, encryptCookies, nodeOptions, inspect, checkArchive, onlyArchive, snapshot, filePrivileges] =
      binary.slice(at + 2)
    expect({ runAsNode, nodeOptions, inspect, snapshot, filePrivileges }).toEqual({
      runAsNode: '0',
      nodeOptions: '0',
      inspect: '0',
      snapshot: '0',
      filePrivileges: '0'
    })
    expect({ encryptCookies, checkArchive, onlyArchive }).toEqual({
      encryptCookies: '1',
      checkArchive: '1',
      onlyArchive: '1'
    })
  })

  test('finds every package that its bundles import, and runs from what is packed', async () => {
    const folder = await makeTempDir()
    await packed.extract(folder)
    const bundles = globSync('out/main/**/*.js', { cwd: folder })
    const imported = /^import\b[^"'\n]*["']([^."'\n][^"'\n]*)["']|\bimport\(["']([^."'\n][^"'\n]*)["']\)/gm
    const imports = bundles.flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(imported)].map(([, fixed, lazy]) => fixed ?? lazy ?? '')
    )
    const packages = [...new Set(imports)].filter((name) => !isBuiltin(name) && name !== 'electron')
    expect(packages).toEqual(
      expect.arrayContaining(['better-sqlite3', 'electron-updater', 'gpt-tokenizer/encoding/o200k_base'])
    )
    const missing = packages.filter((name) => {
      const [scope = '', rest = ''] = name.split('/')
      return !existsSync(join(folder, 'node_modules', name.startsWith('@') ? `${scope}/${rest}` : scope))
    })
    expect(missing).toEqual([])

    const desktop = await openDesktop({ program: join(folder, 'out', 'main', 'index.js') })
    const page = await desktop.page()
    const { url, clientKey } = await gatewayOf(page)
    expect(await askGateway(url, clientKey)).toBe(200)
    expect((await callFromPage(page, 'logs.query', {})).rows).toHaveLength(1)
  })
})
