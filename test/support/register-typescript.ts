import { registerHooks } from 'node:module'

/**
 * Lets plain Node (whose type stripping wants whole file names) run the sources as they are: `./x` means `./x.ts`. For
 * worker threads and child processes of tests, which vitest does not load.
 */
registerHooks({
  resolve: (specifier, context, next) =>
    context.parentURL?.endsWith('.ts') === true && /^\.{1,2}\//.test(specifier)
      ? next(`${specifier}.ts`, context)
      : next(specifier, context)
})
