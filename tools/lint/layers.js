import { dirname, relative, resolve, sep } from 'node:path'

/**
 * Who may import whom (shared/design.md, "Folders"). The longest folder that holds a file is its layer.
 *
 * - `imports`: layers it may import from, besides itself.
 * - `types`: layers it may import from with `import type` only (their interfaces).
 * - `only`: the packages and `node:` modules it may import; left out means any but those of `kept`.
 * - `separate`: its direct subfolders never import each other.
 */
const core = ['src/main/proxy', 'src/main/channels', 'src/main/routing', 'src/main/protocols']
const pagePackages = ['svelte', 'bits-ui', '@lucide/svelte', 'uplot', 'virtua', 'zod']

const layers = {
  'src/shared': { imports: [], only: ['zod'] },

  'src/main/protocols': { imports: ['src/shared'], separate: true },
  'src/main/routing': { imports: ['src/main/protocols', 'src/shared'] },
  'src/main/channels': { imports: ['src/main/routing', 'src/main/protocols', 'src/shared'] },
  'src/main/proxy': { imports: ['src/main/channels', 'src/main/routing', 'src/main/protocols', 'src/shared'] },

  'src/main/storage': { imports: ['src/shared'], types: core },
  'src/main/telemetry': { imports: ['src/shared'], types: core },
  'src/main/clients': { imports: ['src/shared'], types: core },
  // other programs' accounts: each source for itself, files and databases handed in
  'src/main/imports': { imports: ['src/shared'], types: core, separate: true },
  // it renders refusals (protocols) and tells the core of broken upstreams (UpstreamError)
  'src/main/http': { imports: [...core, 'src/main/api', 'src/shared'] },

  'src/main/api': { imports: [...core, 'src/main/storage', 'src/main/clients', 'src/main/imports', 'src/shared'] },
  'src/main/electron': { imports: ['src/main/api', 'src/shared'] },
  'src/main': {
    imports: [
      ...core,
      'src/main/storage',
      'src/main/telemetry',
      'src/main/clients',
      'src/main/imports',
      'src/main/http',
      'src/main/api',
      'src/main/electron',
      'src/main/cli',
      'src/shared'
    ]
  },
  // part of the headless entry, as app.ts is: it shows a first request in a channel's protocol
  'src/main/cli': {
    imports: ['src/main', 'src/main/api', 'src/main/protocols', 'src/main/storage', 'src/main/telemetry', 'src/shared']
  },

  'src/preload': { imports: ['src/shared'], only: ['electron'] },
  // compiled from messages/: the page's texts
  'src/renderer/paraglide': { imports: [], only: [] },
  'src/renderer': {
    imports: [
      'src/renderer/features',
      'src/renderer/components',
      'src/renderer/lib',
      'src/renderer/paraglide',
      'src/shared'
    ],
    only: pagePackages
  },
  'src/renderer/lib': { imports: ['src/renderer/paraglide', 'src/shared'], only: pagePackages },
  'src/renderer/components': {
    imports: ['src/renderer/lib', 'src/renderer/paraglide', 'src/shared'],
    only: pagePackages
  },
  'src/renderer/features': {
    imports: ['src/renderer/components', 'src/renderer/lib', 'src/renderer/paraglide', 'src/shared'],
    only: pagePackages,
    separate: true
  }
}

/** Packages that belong to some layers alone; whoever is not named must not import them. */
const kept = {
  electron: ['src/main/electron', 'src/main', 'src/preload'],
  'better-sqlite3': ['src/main/storage'],
  undici: ['src/main/http'],
  'node:http': ['src/main/http'],
  'node:https': ['src/main/http'],
  'node:http2': ['src/main/http']
}

/**
 * @typedef {{ imports: readonly string[], types?: readonly string[], only?: readonly string[], separate?: boolean }} Layer
 * @type {ReadonlyMap<string, Layer>}
 */
const layerOf = new Map(Object.entries(layers))
/** @type {ReadonlyMap<string, readonly string[]>} */
const keepersOf = new Map(Object.entries(kept))

/** @param {string} file a path from the root, with slashes */
function layerName(file) {
  let folder = dirname(file)
  while (folder.includes('/') && !layerOf.has(folder)) folder = dirname(folder)
  return layerOf.has(folder) ? folder : undefined
}

/**
 * A file straight in `src/main` is the composition root, but a new folder below it needs a line of its own in the table.
 * @param {string} file
 */
function needsOwnLayer(file) {
  return file.startsWith('src/main/') && layerName(file) === 'src/main' && dirname(file) !== 'src/main'
}

/** @param {string} specifier `pkg/part` → `pkg`, `@scope/pkg/part` → `@scope/pkg` */
function packageOf(specifier) {
  if (specifier.startsWith('node:')) return specifier
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** @param {string} from @param {string} specifier */
function packageProblem(from, specifier) {
  const name = packageOf(specifier)
  const only = layerOf.get(from)?.only
  if (only && !only.includes(name)) return `${from} must not import ${name}: only ${only.join(', ')}`
  const keepers = keepersOf.get(name)
  if (keepers && !keepers.includes(from)) return `${from} must not import ${name}: it is kept for ${keepers.join(', ')}`
  return undefined
}

/** @param {string} from a layer @param {string} file @param {string} target paths from the root */
function siblingProblem(from, file, target) {
  const below = (/** @type {string} */ path) => path.slice(from.length + 1).split('/')
  const [mine, ...mineRest] = below(file)
  const [theirs, ...theirsRest] = below(target)
  const bothInFolders = mineRest.length > 0 && theirsRest.length > 0
  if (!bothInFolders || mine === theirs) return undefined
  return `${from}/${mine} must not import its sibling ${from}/${theirs}`
}

/** @param {string} from @param {string} to @param {boolean} typeOnly */
function crossingProblem(from, to, typeOnly) {
  const layer = layerOf.get(from)
  if (layer?.imports.includes(to)) return undefined
  if (!layer?.types?.includes(to)) return `${from} must not import from ${to}`
  return typeOnly ? undefined : `${from} may import only types from ${to}`
}

/** @param {string} from @param {string} file @param {string} target @param {boolean} typeOnly */
function targetProblem(from, file, target, typeOnly) {
  const to = layerName(target) ?? layerName(`${target}/index`)
  // Outside src stand package.json and resources/; what else is there is test or build code.
  if (to === undefined)
    return /^(src|test|bench|scripts)\//.test(target) ? `${from} must not import ${target}` : undefined
  if (to !== from) return crossingProblem(from, to, typeOnly)
  return layerOf.get(from)?.separate ? siblingProblem(from, file, target) : undefined
}

/**
 * What is wrong with this import, or undefined.
 * @param {string} file the importing file, from the root, with slashes
 * @param {string} specifier
 * @param {boolean} typeOnly
 */
function layeringProblem(file, specifier, typeOnly) {
  const from = layerName(file)
  if (from === undefined || needsOwnLayer(file)) return `${file} is in no layer: give its folder a line in the table`
  if (!specifier.startsWith('.')) return packageProblem(from, specifier)
  const target = relative('/', resolve('/', dirname(file), specifier))
  return targetProblem(from, file, target.split(sep).join('/'), typeOnly)
}

/**
 * @typedef {import('eslint').Rule.Node & { readonly source?: { readonly value?: unknown } | null, readonly importKind?: string, readonly exportKind?: string }} Importing
 * @param {import('eslint').Rule.RuleContext} context
 */
function createVisitor(context) {
  const file = relative(context.cwd, context.filename).split(sep).join('/')
  /** @param {Importing} node */
  const check = (node) => {
    const specifier = node.source?.value
    if (typeof specifier !== 'string') return
    const typeOnly = node.type !== 'ImportExpression' && (node.importKind ?? node.exportKind ?? 'type') === 'type'
    const message = layeringProblem(file, specifier, typeOnly)
    if (message !== undefined) context.report({ node, message })
  }
  return {
    ImportDeclaration: check,
    ExportNamedDeclaration: check,
    ExportAllDeclaration: check,
    ImportExpression: check,
    TSImportType: check
  }
}

/** @type {import('eslint').ESLint.Plugin} */
export const layering = { rules: { layers: { meta: { type: 'problem', schema: [] }, create: createVisitor } } }
