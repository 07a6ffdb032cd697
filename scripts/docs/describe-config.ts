/** What each field of the config file means, for the editor's tooltip. Keys are paths; `[]` is an item, `*` any name. */
export const CONFIG_DESCRIPTIONS: Readonly<Record<string, string>> = {
  '': 'Configuration of Routex (routex serve --config FILE). JSON with comments; every text may hold ${VARIABLE} or ${VARIABLE:-default}. What stands here is read-only in the UI and the API, and a change is applied within a second.',
  $schema: 'For editors; not read.',
  settings: 'Settings that this file manages. One that is left out keeps the value set in the UI, or its default.',
  'settings.strategy':
    'How channels of the same priority share the work: priority (the first healthy one), round_robin, weighted (by weight), least_used (fewest in flight, then fewest in the last 5 minutes). Default: priority.',
  'settings.host':
    'Address to listen on. Default: 127.0.0.1. With any other than loopback a client key is always required.',
  'settings.port': 'Port to listen on; 0 picks a free one. Default: 8080.',
  'settings.allowedHosts':
    'Host names beside the loopback ones that requests may be addressed to, without port: the name of the server, or of the reverse proxy in front. Default: none.',
  'settings.allowedHosts[]': 'A host name, such as gateway.lan.',
  'settings.allowedOrigins': 'Web origins whose pages may call the gateway. Default: none.',
  'settings.allowedOrigins[]': 'An origin, such as https://app.example.',
  'settings.keyRequired': 'false: requests from this machine need no client key. Default: true.',
  'settings.bodyLimitMiB': 'Largest request body after decoding, in MiB. Default: 64.',
  'settings.retention': 'How long the request log is kept: whichever limit is reached first.',
  'settings.retention.days': 'Days that requests are kept. Default: 90.',
  'settings.retention.maxMiB': 'Largest size of logs.db, in MiB. Default: 2048.',
  'settings.appearance': 'How the UI looks.',
  'settings.appearance.theme': 'Colours of the UI; system: as the system has them. Default: system.',
  'settings.appearance.language': 'Language of the UI; system: as the system has it. Default: system.',
  'settings.startUp': 'How the desktop app starts; headless it does nothing.',
  'settings.startUp.atLogin': 'true: the system starts it when the user logs in. Default: false.',
  'settings.startUp.hidden': 'A start by the system shows the tray alone. Default: true.',
  'settings.notifications': 'What the desktop app tells through the system; headless they do nothing.',
  'settings.notifications.channelFailing': 'A channel begins to fail. Default: true.',
  'settings.notifications.channelBack': 'A channel that failed is back. Default: true.',
  'settings.notifications.updateReady': 'A newer version was loaded and waits to be installed. Default: true.',
  'settings.notifications.budget': '80 % of a budget is used, or all of it. Default: true.',
  'settings.updates': 'Newer versions of the desktop app; headless it does nothing.',
  'settings.updates.automatic': 'Looks for a newer version once a day and loads it. Default: true.',
  'settings.prices': 'The prices that costs are worked out with.',
  'settings.prices.update': 'true: newer prices are fetched from the network once a day. Default: false.',
  'settings.clients': 'Assistants whose settings lead to Routex.',
  'settings.clients.atQuit':
    'What becomes of their settings when Routex ends: keep, or restore until its next start. Default: keep.',
  channels: 'Upstream accounts.',
  'channels[]': 'One upstream account.',
  'channels[].name': 'Shown everywhere; unique. Answers carry an ASCII form of it in x-routex-channel.',
  'channels[].protocol': 'The wire format that this upstream speaks.',
  'channels[].baseUrl':
    "As the vendor's own SDK takes it. With a version in its path (v1, v1beta) only the operation is appended, else the vendor's version first.",
  'channels[].apiKey': 'The credential, best as ${VARIABLE}. Left out: none is sent.',
  'channels[].models':
    'Names that clients may ask this channel for; * stands for any text, ? for one character. Default: ["*"].',
  'channels[].models[]': 'A name or a pattern, such as claude-*.',
  'channels[].modelMap': 'Names to send in the place of names that were asked for. Tried after models.',
  'channels[].modelMap.*': 'The name that is sent upstream.',
  'channels[].priority': 'A lower number goes first; the strategy shares the work among equals. Default: 50.',
  'channels[].weight': 'Share among channels of the same priority under the strategy weighted. Default: 1.',
  'channels[].enabled': 'false: the channel is left out. Default: true.',
  'channels[].headers': 'Headers to add to, or to put in the place of, those of each request.',
  'channels[].headers.*': "The header's value.",
  'channels[].timeouts': 'Deadlines of this channel, in milliseconds. One that is left out takes its default.',
  'channels[].timeouts.connectMs': 'For the connection. Default: 10000.',
  'channels[].timeouts.firstByteMs':
    'From sending to the first byte. Default: 120000 streamed, 600000 not, and for local servers.',
  'channels[].timeouts.idleMs': 'Silence inside an answer. Default: 300000.',
  'channels[].askForUsage':
    'Ask an openai-chat upstream for its token counts where the client did not, and take the extra chunk out again. Default: false.',
  'channels[].budget': 'What may be spent on this channel, in US dollars. Left out: as much as is asked of it.',
  'channels[].budget.period':
    'The calendar period that the limit is for, in the local time of the machine; a week begins on Monday.',
  'channels[].budget.limitUsd': 'What may be spent in a period, in US dollars.',
  'channels[].budget.then':
    'What happens when it is used up: stop (the channel is left out until the next period) or switch (switchTo takes its place). Default: stop.',
  'channels[].budget.switchTo':
    'Name of the channel to switch to: one of this file, or one that was saved in Routex. Only with then: switch.',
  'channels[].prices':
    'What models cost on this channel, in US dollars for a million tokens, where the price table is wrong or knows nothing. Keys are names as they are sent, or patterns, tried as those of modelMap.',
  'channels[].prices.*': 'What this model costs.',
  'channels[].prices.*.input': 'Uncached input tokens.',
  'channels[].prices.*.output': 'Output tokens.',
  'channels[].prices.*.cacheRead': 'Tokens read from the prompt cache. Left out: as input.',
  'channels[].prices.*.cacheWrite': 'Tokens written to the prompt cache. Left out: as input.',
  'channels[].prices.*.cacheWrite1h':
    'Tokens kept in the prompt cache for an hour. Left out: twice the input where cacheWrite is dearer than input, else as cacheWrite.',
  'channels[].prices.*.reasoning': 'What the model thinks, a part of its output. Left out: as output.',
  'channels[].prices.*.tiers':
    'Dearer prices of long prompts, the shortest first. Each is in the place of all prices before it.',
  'channels[].prices.*.tiers[]': 'The prices of a request whose whole prompt has more tokens than start.',
  'channels[].prices.*.tiers[].start': 'Tokens of the prompt, cache included, above which it counts.',
  'channels[].prices.*.tiers[].input': 'Uncached input tokens.',
  'channels[].prices.*.tiers[].output': 'Output tokens.',
  'channels[].prices.*.tiers[].cacheRead': 'Tokens read from the prompt cache. Left out: as input of this tier.',
  'channels[].prices.*.tiers[].cacheWrite': 'Tokens written to the prompt cache. Left out: as input of this tier.',
  'channels[].prices.*.tiers[].cacheWrite1h':
    'Tokens kept in the prompt cache for an hour. Left out: twice the input of this tier where cacheWrite is dearer than input, else as cacheWrite.',
  'channels[].prices.*.tiers[].reasoning': 'What the model thinks. Left out: as output of this tier.',
  'channels[].priceMultiplier':
    'What this channel bills, as a multiple of prices or the price table: 0.7 for a reseller who takes 70 %. Default: 1.',
  'channels[].quirks':
    'Where the vendor differs from the maker of its protocol. Left out: what is known of the vendor whose host baseUrl names; {} for nothing.',
  'channels[].quirks.authHeader':
    "The header that carries the credential; authorization sends it as Bearer. Left out: the protocol's own.",
  'channels[].quirks.path':
    'Path of the main call behind the base URL, {model} filled in. Left out: as the protocol has it.',
  'channels[].quirks.streamPath': 'The same for streamed calls. Left out: path.',
  'channels[].quirks.addsFields': 'Members put into each body, such as anthropic_version for Vertex. Left out: none.',
  'channels[].quirks.addsFields.*': "The member's value.",
  'channels[].quirks.dropsFields': 'Members taken out of each body, such as model for Vertex. Left out: none.',
  'channels[].quirks.dropsFields[]': "The member's name.",
  'channels[].quirks.dropsQuery':
    "true, with path: it refuses the client's query, such as beta=true (Vertex). Default: false.",
  'channels[].quirks.modelsPath':
    "Path of its list of models on the base URL's host; null: it has none. Left out: as the protocol has it.",
  'channels[].quirks.balance':
    "Whose form its balance endpoint has, on the base URL's host. Left out: that of the known vendor with this host.",
  'channels[].quirks.maxTokensField': 'Chat: the member that limits an answer. Default: max_tokens.',
  'channels[].quirks.defaultMaxTokens':
    "Anthropic: the limit where the client named none. Left out: by the model's name.",
  'channels[].quirks.maxTemperature': 'Higher temperatures are cut to it. Default: 1 for anthropic, else 2.',
  'channels[].quirks.maxStopSequences': 'More stop sequences are left out. Default: 4 for openai-chat, 5 for gemini.',
  'channels[].quirks.mostTools':
    "More tools are left out, the last first. Default: 128 for OpenAI's own models, by their names; else no limit.",
  'channels[].quirks.systemRole': 'Chat: the role of the system prompt. Default: system.',
  'channels[].quirks.systemOnlyFirst':
    "Chat, true: it takes a system message as the first one only; later ones become a user's text. Default: false.",
  'channels[].quirks.noUserAfterTool':
    "Chat, true: it refuses a user's message behind a tool's result; an answer is put between. Default: false.",
  'channels[].quirks.dropsPrefill':
    'Chat, true: it refuses a begun answer as the last message; it is asked in words to go on. Default: false.',
  'channels[].quirks.shortCallIds':
    'Chat, true: ids of tool calls must be nine letters and digits; others are hashed to such. Default: false.',
  'channels[].quirks.toolChoice': 'auto: it knows no other tool choice. Default: all.',
  'channels[].quirks.dropsParallelTools': 'true: it refuses parallel_tool_calls. Default: false.',
  'channels[].quirks.dropsStrict': 'true: it refuses strict tools. Default: false.',
  'channels[].quirks.jsonFormat':
    'What answers can be held to: a schema, some JSON object, or nothing. Default: schema.',
  'channels[].quirks.dropsStreamOptions': 'Chat: it refuses stream_options. Default: false.',
  'channels[].quirks.dropsImages': 'true: it sees no images; a line of text says so in their place. Default: false.',
  'channels[].quirks.dropsDocuments':
    'true: it takes no documents; what is text goes as text, of others (PDFs) a line of text says so. Default: false.',
  'channels[].quirks.mostTokens':
    'The most tokens of an answer that its models take; more are cut to it. Default: by the name of the model, where that is known.',
  'channels[].quirks.mostTokensUnstreamed': 'Chat: the same where the answer is not streamed. Left out: as mostTokens.',
  'channels[].quirks.dropsCacheControl': 'Anthropic: it refuses cache_control. Default: false.',
  'channels[].quirks.takesCacheControl': "Chat: it takes Anthropic's cache_control on its parts. Default: false.",
  'channels[].quirks.reasoningControl':
    "How reasoning is asked for. Default: reasoning_effort for openai-chat; by the model's name for anthropic.",
  'channels[].quirks.efforts': 'The efforts it knows. Default: minimal, low, medium, high.',
  'channels[].quirks.efforts[]': 'One effort.',
  'channels[].quirks.effortModels':
    'Chat and Responses: the models that take an effort; others are sent none. Default: all that reason.',
  'channels[].quirks.effortModels[]': 'A name; * stands for any characters, ? for one.',
  'channels[].quirks.takesEffortNone':
    'Chat, true: the effort none switches reasoning off. Default: false, that wish is lost.',
  'channels[].quirks.effortNoneModels':
    'Chat: the models of which that holds, where it does not of all. Left out: as takesEffortNone.',
  'channels[].quirks.effortNoneModels[]': 'A name; * stands for any characters, ? for one.',
  'channels[].quirks.reasoningField':
    "Chat: the member in which it wants an assistant's reasoning back. Left out: it wants none.",
  'channels[].quirks.dropsReasoning':
    "Chat, true: it refuses reasoning_content, which is taken out of each request. Default: by the model's name.",
  rules: 'Routing rules are not in this version: the list must be empty.',
  clientKeys: 'Keys that clients present, beside those made in the UI.',
  'clientKeys[]': 'One client key.',
  'clientKeys[].name': 'Who or what uses it; shown in the request log. Unique.',
  'clientKeys[].key': 'The key itself: at least 16 printable ASCII characters, best as ${VARIABLE}.',
  'clientKeys[].budget': 'What may be spent with this key, in US dollars. Left out: as much as is asked for.',
  'clientKeys[].budget.period':
    'The calendar period that the limit is for, in the local time of the machine; a week begins on Monday.',
  'clientKeys[].budget.limitUsd': 'What may be spent in a period, in US dollars.',
  'clientKeys[].budget.then':
    'What happens when it is used up: stop (requests are refused with 429 until the next period) or switch (switchTo alone serves them). Default: stop.',
  'clientKeys[].budget.switchTo':
    'Name of the channel to switch to: one of this file, or one that was saved in Routex. Only with then: switch.'
}
