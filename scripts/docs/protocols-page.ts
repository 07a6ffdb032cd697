import { LOSSES } from '../../src/main/protocols/losses'
import { PROTOCOLS, type ProtocolId } from '../../src/shared/protocol'
import { ANTHROPIC_MODEL } from '../../test/support/vendors/anthropic'
import { GEMINI_MODEL } from '../../test/support/vendors/gemini'
import { CHAT_MODEL } from '../../test/support/vendors/openai-chat'
import { RESPONSES_MODEL } from '../../test/support/vendors/openai-responses'
import { FEATURE_NAMES, FEATURES, outcomeOf, PAIRS, type FeatureName } from '../../test/support/matrix/outcomes'

const INTRODUCTION = `<!-- Generated from test/support/matrix/outcomes.ts and src/main/protocols/losses.ts by "node scripts/generate-docs.mjs". Don't edit. -->

# What is carried between the protocols

Any client works on any channel. Where both speak the same protocol, bytes pass as they are; only the model’s name is replaced where the channel maps it. Where they differ, Routex translates request and answer, streamed or not, through one form between the four.

A conversation that its client sends whole may move between channels of different protocols and back. What a vendor signed (thoughts) goes back to that vendor alone; for all others it is left out, also where it comes home to a channel of the client’s own protocol, whose bytes then change for once (\`test/integration/matrix-home.test.ts\`).

What a vendor keeps stays with the channel that made it. A Responses request that goes on from such an answer (\`previous_response_id\`, \`item_reference\`) but asks for a model which only other channels have gets OpenAI’s own error for an answer that nobody knows: 400 \`previous_response_not_found\`, or 404 for an item. Clients that know it send the whole conversation then. The AI SDK and OpenAI’s SDKs hand it to their program; with \`store: false\` they send the whole each time, as Codex does, and may change channels at every turn. Answers of translated channels are kept by Routex, so that any channel can go on from them (docs/decisions/0011).

What another protocol has no form for is left out, never silently: the answer’s \`x-routex-warnings\` header and the request’s row in the log name it, with the names below (\`hosted_tool (file_search), top_k\`). A name stands there once, with how many there are of it and the first of them (\`strict (29: a, b, c, d, e, ...)\`). The header goes out with the answer’s first byte, so it tells of requests; what an answer can’t be told as is said here.

- **carried**: arrives, in the channel’s own form.
- **changed**: arrives in another form; see _What changes, and why_.
- **lost**: left out, with the warning that names it.
- **—**: the client’s protocol has no words for it, or the channel’s vendor makes no such thing.

\`test/integration/matrix.test.ts\` proves every cell, streamed and not, through a running Routex before upstreams that refuse what the real ones would, and prints the table that it saw. The models are \`${ANTHROPIC_MODEL}\`, \`${CHAT_MODEL}\` (Chat), \`${RESPONSES_MODEL}\` (Responses) and \`${GEMINI_MODEL}\`; others can take more or less, and a channel’s quirks (docs/presets.md) say where a vendor differs from the maker of its protocol.
`

/** What is changed on the way there and, where it comes back, on the way back; no warning tells of it. */
const FITTED = `## Names that are changed there and back

Names of tools that a channel’s protocol refuses (too long, or with other characters) go out as ones that it takes, and come back in calls as the client declared them. The same holds for the names of a tool’s own properties that Anthropic refuses (anything but \`^[a-zA-Z0-9_.-]{1,64}$\`, such as \`$filter\` or \`user[name]\`). The arguments of a call to such a tool are the only ones that a stream hands on in one piece, once they are whole: a name may come in pieces. The same name always goes out the same, so that prompt caches hold.
`

/** No warning tells of it: nothing that was said is left out. test/integration/translated/paired-calls.test.ts proves it. */
const PAIRED = `## Calls and their results

Vendors want the results of a turn’s calls right behind it. Where a request is translated, a text or a system message that its client put in between follows the results, and a call that was interrupted, so that it never got one, gets “No result: the call was interrupted.”, marked as failed. Where both sides speak the same protocol, the vendor is asked as the client asked.
`

/** Decided by what clients do with each word: openai-responses/finish.ts. */
const PAUSED = `## An answer that its vendor paused

Anthropic ends a long loop of its own tools (web search) with \`pause_turn\`: a client may send the answer back to have it go on. No other protocol has a word for it. A Responses client is told a completed response: Codex takes an incomplete one for a broken stream and asks up to five times more, each time with all searches anew. Chat and Gemini clients are told a limit (\`length\`, \`MAX_TOKENS\`), which says that there is more. In each of them the next message goes on from what was said so far.
`

const BEGUN = `## A begun answer

An Anthropic or Gemini client may send the beginning of the answer as the last message (prefill) and put what comes back behind it. Where the channel would refuse that (DeepSeek, Mistral, Claude from 4.6 on), the model is asked in words to go on. Responses and OpenAI’s own models in Chat take it for a whole answer and begin a new one. The warning \`history\` tells both. A client of OpenAI’s protocols may mean just that, so it is told nothing of a new answer.
`

const PHASES = `## Phases of a model’s messages

OpenAI’s models from \`gpt-5.3-codex\` and \`gpt-5.4\` on mark what they say between calls (\`phase\`: \`commentary\`, \`final_answer\`), and may stop early where a history lost it. No other protocol has a word for it, so a translated history gets it anew on a Responses channel of such a model: texts of a turn with calls are commentary, all others answers. To other vendors it means nothing, so no warning tells that it is left out.
`

/** Decided so: an error would leave a session with many MCP servers without a single answer. */
const MOST_TOOLS = `## More tools than a model takes

OpenAI’s models refuse a request with more than 128 tools, which some MCP servers together have. Where such a request is translated, the first 128 go and the warning \`tool (200 → 128)\` tells it: assistants declare their own tools first, so a session goes on without the last of its servers instead of being refused at every turn. The tool that must be called, tools that were called before and the vendor’s own stay whatever their place, and the same conversation keeps the same ones, so that prompt caches hold. To choose which ones stay, switch servers off in the assistant; a channel that takes more or fewer says so (quirk \`mostTools\`).
`

const NAMES: Readonly<Record<ProtocolId, string>> = {
  anthropic: 'Anthropic Messages',
  'openai-chat': 'OpenAI Chat Completions',
  'openai-responses': 'OpenAI Responses',
  gemini: 'Gemini generateContent'
}

/** docs/protocols.md: what becomes of each feature between each client and each channel. */
export const protocolsPage = (): string =>
  [
    INTRODUCTION,
    featureList(),
    ...PROTOCOLS.map(clientSection),
    reasons(),
    FITTED,
    PAIRED,
    PAUSED,
    BEGUN,
    PHASES,
    MOST_TOOLS,
    lossList()
  ].join('\n')

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('')

const featureList = (): string =>
  `## What is meant\n\n${table(
    ['feature', 'what it is'],
    FEATURE_NAMES.map((name) => [name, FEATURES[name]])
  )}`

function clientSection(client: ProtocolId): string {
  const rows = FEATURE_NAMES.map((name) => [name, ...PROTOCOLS.map((channel) => cell(name, client, channel))])
  return `## A client of ${NAMES[client]}\n\n${table(['on a channel of', ...PROTOCOLS.map((id) => `\`${id}\``)], rows)}`
}

function cell(feature: FeatureName, client: ProtocolId, channel: ProtocolId): string {
  const { kind, losses } = outcomeOf(feature, client, channel)
  if (kind === 'not said') return '—'
  if (client === channel) return 'as it is'
  return losses.length === 0 ? kind : `${kind}: ${losses.map((loss) => `\`${loss}\``).join(', ')}`
}

/** Each reason once, with the pairs that it holds for. */
function reasons(): string {
  const pairsOf = new Map<string, { readonly cells: readonly string[]; readonly pairs: string[] }>()
  for (const feature of FEATURE_NAMES) {
    for (const { client, channel } of PAIRS) {
      const { kind, because } = outcomeOf(feature, client, channel)
      if (because === null) continue
      const key = `${feature} ${channel} ${because}`
      const known = pairsOf.get(key) ?? { cells: [feature, `\`${channel}\``, kind, because], pairs: [] }
      known.pairs.push(`\`${client}\``)
      pairsOf.set(key, known)
    }
  }
  const rows = [...pairsOf.values()].map(({ cells: [feature = '', ...rest], pairs }) => [
    feature,
    pairs.join(', '),
    ...rest
  ])
  return `## What changes, and why\n\n${table(['feature', 'clients', 'channel', '', 'why'], rows)}`
}

const lossList = (): string =>
  `## The warnings\n\nEverything that a translation can leave out, by the name that the header and the log have for it.\n\n${table(
    ['name', 'what was left out'],
    Object.entries(LOSSES).map(([name, words]) => [`\`${name}\``, words])
  )}`
