/** Commands that ask the Routex that runs; the others are `serve` and what explains it. */
const CLIENT_COMMANDS: readonly string[] = ['clients', 'env', 'run']

/** Read from the first word alone, so that both entries can tell before they load anything. */
export const isClientCommand = (args: readonly string[]): boolean => CLIENT_COMMANDS.includes(args[0] ?? '')
