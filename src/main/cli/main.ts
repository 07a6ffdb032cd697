import { version } from '../../../package.json'
import { isClientCommand } from './commands'
import { EXIT } from './exit-code'
import { HELP, readArguments } from './read-arguments'

/** Runs the command line. Resolves with the exit code. */
export async function main(
  args: readonly string[],
  files: { readonly uiRoot: string; readonly workerUrl: URL; readonly tokenWorkerUrl: URL }
): Promise<number> {
  if (isClientCommand(args)) {
    const { clientCommands } = await import('./client-commands')
    return clientCommands(args)
  }
  const command = readArguments(args)
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP)
      return EXIT.stopped
    case 'version':
      process.stdout.write(`${version}\n`)
      return EXIT.stopped
    case 'bad':
      process.stderr.write(
        `${command.problems.map((problem) => `routex: ${problem}`).join('\n')}\nSee routex --help.\n`
      )
      return EXIT.badInput
    case 'serve': {
      // Loaded now, so that help and mistakes are answered at once.
      const { serve } = await import('./serve')
      return serve(command.options, { ...files, version })
    }
  }
}
