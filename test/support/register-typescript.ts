import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'

/**
 * Lets plain Node (whose type stripping wants whole file names) run the sources as they are: `./x` means `./x.ts`, or
 * `./x/index.ts`. For worker threads and child processes of tests and the bench, which vitest does not load.
 */
registerHooks({
  resolve: (specifier, context, next) => {
    const { parentURL } = context
    const isOurs = parentURL?.endsWith('.ts') === true && /^\.{1,2}\//.test(specifier) && !specifier.endsWith('.ts')
    if (!isOurs) return next(specifier, context)
    const isFile = existsSync(new URL(`${specifier}.ts`, parentURL))
    return next(isFile ? `${specifier}.ts` : `${specifier}/index.ts`, context)
  }
})
