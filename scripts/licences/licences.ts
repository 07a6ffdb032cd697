import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { z } from 'zod'

/** A package that is shipped, as About shows it. */
export interface PackageLicence {
  readonly name: string
  readonly version: string
  /** SPDX. */
  readonly licence: string
  /** Where its sources are; null when it doesn't say. */
  readonly repository: string | null
}

/** Where the list stands, from the root. */
export const LICENCES_PATH = 'resources/licences.json'

const lockEntry = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  dev: z.boolean().optional(),
  link: z.boolean().optional(),
  dependencies: z.record(z.string(), z.string()).optional()
})
const lockFile = z.object({ packages: z.record(z.string(), lockEntry) })
type Packages = z.infer<typeof lockFile>['packages']

const manifest = z.object({
  repository: z.union([z.string(), z.object({ url: z.string() })]).optional(),
  homepage: z.string().optional()
})

const FOLDER = 'node_modules/'
/** What the linter lets the page import (tools/lint/layers.js), and what its styles and texts are made of. */
const PAGE = [
  ...['svelte', 'bits-ui', '@lucide/svelte', 'uplot', 'virtua'],
  ...['tailwindcss', '@fontsource-variable/inter']
]
/** The page carries Svelte's runtime; its other dependencies are its compiler's. */
const SVELTE_RUNTIME: ReadonlySet<string> = new Set(['clsx', 'devalue', 'esm-env'])
/** Carried without their own dependencies: the desktop's runtime, and a compiler that writes its code into the page. */
const ALONE = ['electron', '@inlang/paraglide-js']

const nameOf = (path: string): string => path.slice(path.lastIndexOf(FOLDER) + FOLDER.length)

/** Where Node finds a package from inside another one: beside it, or in a folder further out. */
function resolveFrom(path: string, name: string, packages: Packages): string | undefined {
  for (let outer = `${path}/`; ; outer = outer.slice(0, Math.max(0, outer.lastIndexOf(FOLDER)))) {
    const candidate = `${outer}${FOLDER}${name}`
    if (candidate in packages) return candidate
    if (outer === '') return undefined
  }
}

function dependenciesOf(path: string, packages: Packages): readonly string[] {
  const names = Object.keys(packages[path]?.dependencies ?? {})
  return path === `${FOLDER}svelte` ? names.filter((name) => SVELTE_RUNTIME.has(name)) : names
}

/** These packages and all that they need. */
function withDependencies(paths: readonly string[], packages: Packages): ReadonlySet<string> {
  const reached = new Set(paths)
  for (const path of reached) {
    for (const name of dependenciesOf(path, packages)) {
      const found = resolveFrom(path, name, packages)
      if (found !== undefined) reached.add(found)
    }
  }
  return reached
}

/** `git+https://github.com/a/b.git`, `github:a/b`, `a/b` → `https://github.com/a/b`. */
function webAddress(repository: string): string {
  if (/^[\w-]+\/[\w.-]+$/.test(repository)) return `https://github.com/${repository}`
  return repository
    .replace(/^github:/, 'https://github.com/')
    .replace(/^git\+/, '')
    .replace(/^git@([^:]+):/, 'https://$1/')
    .replace(/^(?:git|ssh):\/\/(?:git@)?/, 'https://')
    .replace(/\.git$/, '')
}

async function repositoryOf(root: string, path: string): Promise<string | null> {
  const file = join(root, path, 'package.json')
  if (!existsSync(file)) return null
  const { homepage, repository } = manifest.parse(JSON.parse(await readFile(file, 'utf8')))
  const written = typeof repository === 'string' ? repository : repository?.url
  return written === undefined ? (homepage ?? null) : webAddress(written)
}

/** Of a package whose manifest names none: by the title of the licence that it carries. */
async function licenceInFile(root: string, path: string): Promise<string> {
  const [title = ''] = (await readFile(join(root, path, 'LICENSE'), 'utf8')).trim().split('\n')
  const known = /^(?:The )?(MIT|ISC) License/i.exec(title)?.[1]
  if (known === undefined) throw new Error(`what licence ${path} has must be found out: ${title}`)
  return known
}

/** Every package that the program carries: what it needs to run, and what is bundled into its page. By name. */
export async function licences(root: string): Promise<readonly PackageLicence[]> {
  const { packages } = lockFile.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')))
  const needed = Object.keys(packages).filter((path) => path.startsWith(FOLDER) && packages[path]?.dev !== true)
  const inPage = withDependencies(
    PAGE.map((name) => FOLDER + name),
    packages
  )
  const listed: PackageLicence[] = []
  for (const path of new Set([...needed, ...inPage, ...ALONE.map((name) => FOLDER + name)])) {
    const { license, link, version } = packages[path] ?? {}
    if (link === true || version === undefined) continue
    const licence = license ?? (await licenceInFile(root, path))
    listed.push({ name: nameOf(path), version, licence, repository: await repositoryOf(root, path) })
  }
  const key = ({ name, version }: PackageLicence): string => `${name} ${version}`
  return listed.sort((one, other) => (key(one) < key(other) ? -1 : 1))
}

/** The list as it stands in its file. */
export async function licencesText(root: string): Promise<string> {
  const style = await resolveConfig(`${root}/package.json`)
  return format(JSON.stringify(await licences(root)), { ...style, parser: 'json', plugins: [] })
}
