import type { FunctionTool, JsonSchema } from './canonical'
import type { Losses } from './losses'

/** What another vendor's model is told of a tool that it does not know. */
type Definition = Readonly<Pick<FunctionTool, 'name' | 'description' | 'parameters'>>

const text = (description: string): JsonSchema => ({ type: 'string', description })
const line = (description: string): JsonSchema => ({ type: 'integer', description })

const commandOf = (commands: readonly string[]): JsonSchema => ({ type: 'string', enum: commands })

const RANGE: JsonSchema = {
  type: 'array',
  items: { type: 'integer' },
  minItems: 2,
  maxItems: 2,
  description: 'For view: the first and the last line to show, from 1; -1 for the end of the file.'
}

/** https://platform.claude.com/docs/en/agents-and-tools/tool-use/bash-tool */
const BASH: Definition = {
  name: 'bash',
  description:
    'Runs a command in a bash session on the user’s machine and answers with what it printed. The session keeps its state ' +
    '(working directory, variables) between calls.',
  parameters: {
    type: 'object',
    properties: {
      command: text('The command to run. Needed unless the session is restarted.'),
      restart: { type: 'boolean', description: 'true: starts the session anew, instead of running a command.' }
    }
  }
}

interface Editor {
  readonly name: string
  /** The member with the text to insert: https://github.com/anthropics/anthropic-sdk-python/issues/1155 */
  readonly inserted: 'insert_text' | 'new_str'
  readonly canUndo: boolean
}

/** https://platform.claude.com/docs/en/agents-and-tools/tool-use/text-editor-tool */
const editor = ({ name, inserted, canUndo }: Editor): Definition => ({
  name,
  description:
    'Shows, creates and changes text files on the user’s machine. `view` shows a file with line numbers, or what is in a ' +
    'directory; `create` writes a file; `str_replace` replaces a text that stands in the file exactly once; `insert` puts ' +
    `text behind a line${canUndo ? '; `undo_edit` takes back the last change of a file' : ''}.`,
  parameters: {
    type: 'object',
    properties: {
      command: commandOf(['view', 'create', 'str_replace', 'insert', ...(canUndo ? ['undo_edit'] : [])]),
      path: text('Of the file or directory.'),
      view_range: RANGE,
      file_text: text('For create: what the file is to contain.'),
      old_str: text('For str_replace: the text to replace, exactly as it stands in the file.'),
      new_str: text(
        `For str_replace: what stands there instead.${inserted === 'new_str' ? ' For insert: the text.' : ''}`
      ),
      insert_line: line('For insert: the line to put the text behind; 0 for the beginning of the file.'),
      ...(inserted === 'insert_text' ? { insert_text: text('For insert: the text.') } : {})
    },
    required: ['command', 'path']
  }
})
const OLD_EDITOR = editor({ name: 'str_replace_editor', inserted: 'new_str', canUndo: true })
const EDITOR = editor({ name: 'str_replace_based_edit_tool', inserted: 'insert_text', canUndo: false })

/** https://platform.claude.com/docs/en/agents-and-tools/tool-use/memory-tool, `BetaMemoryTool20250818Command` of the SDK. */
const MEMORY: Definition = {
  name: 'memory',
  description:
    'Keeps notes from one conversation to the next, as files under /memories. View that directory before anything else: it may ' +
    'hold what was done before. Note there what should not be forgotten, since a conversation can end at any time.',
  parameters: {
    type: 'object',
    properties: {
      command: commandOf(['view', 'create', 'str_replace', 'insert', 'delete', 'rename']),
      path: text('Of the file or directory; for all commands but rename.'),
      view_range: RANGE,
      file_text: text('For create: what the file is to contain.'),
      old_str: text('For str_replace: the text to replace, exactly as it stands in the file.'),
      new_str: text('For str_replace: what stands there instead.'),
      insert_line: line('For insert: the line to put the text at.'),
      insert_text: text('For insert: the text.'),
      old_path: text('For rename: where it is.'),
      new_path: text('For rename: where it is to be.')
    },
    required: ['command']
  }
}

/** In the versions whose inputs are known: a client is called with no others. */
const DEFINITIONS: ReadonlyMap<string, Definition> = new Map([
  ['bash_20241022', BASH],
  ['bash_20250124', BASH],
  ['text_editor_20241022', OLD_EDITOR],
  ['text_editor_20250124', OLD_EDITOR],
  ['text_editor_20250429', EDITOR],
  ['text_editor_20250728', EDITOR],
  ['memory_20250818', MEMORY]
])

/**
 * A tool that Anthropic's models know by its type and the client carries out, in words for other models, which then call it
 * just so. null: it is none, or one that needs a model trained for it.
 */
export const clientRunTool = (type: string): Definition | null => DEFINITIONS.get(type) ?? null

/** Those of the three vendors that are carried out by the client, the use of a computer above all. */
const RUN_BY_CLIENT = /^(?:bash|text_editor|memory|computer|browser)/i

/** A tool that has no form elsewhere, by the type that its vendor knows it by. */
export const tellLostTool = (type: string, losses: Losses): void =>
  losses.add(RUN_BY_CLIENT.test(type) ? 'client_tool' : 'hosted_tool', type)
