import type { ProtocolId } from '../../shared/protocol'
import { presets } from '../../shared/presets'

/** Where the keys of a vendor work, and the variable that its own and others' programs take one from. */
export interface Vendor {
  readonly name: string
  readonly protocol: ProtocolId
  readonly baseUrl: string
  readonly variable: string
}

const vendor = (name: string, protocol: ProtocolId, baseUrl: string, variable: string): Vendor => ({
  name,
  protocol,
  baseUrl,
  variable
})

const chat = (name: string, baseUrl: string, variable: string): Vendor => vendor(name, 'openai-chat', baseUrl, variable)

export const ANTHROPIC = vendor('Anthropic', 'anthropic', 'https://api.anthropic.com', 'ANTHROPIC_API_KEY')
export const OPENAI = vendor('OpenAI', 'openai-responses', 'https://api.openai.com/v1', 'OPENAI_API_KEY')
export const GEMINI = vendor('Google Gemini', 'gemini', 'https://generativelanguage.googleapis.com', 'GEMINI_API_KEY')

/** Vendors that other programs know by name alone: LiteLLM by the first, OpenCode by any of the names (models.dev). */
const NAMED: readonly (readonly [names: readonly string[], vendor: Vendor])[] = [
  [['anthropic'], ANTHROPIC],
  [['openai'], OPENAI],
  [['gemini', 'google'], GEMINI],
  [['openrouter'], chat('OpenRouter', 'https://openrouter.ai/api/v1', 'OPENROUTER_API_KEY')],
  [['deepseek'], chat('DeepSeek', 'https://api.deepseek.com', 'DEEPSEEK_API_KEY')],
  [['groq'], chat('Groq', 'https://api.groq.com/openai/v1', 'GROQ_API_KEY')],
  [['xai'], chat('xAI', 'https://api.x.ai/v1', 'XAI_API_KEY')],
  [['mistral'], chat('Mistral', 'https://api.mistral.ai/v1', 'MISTRAL_API_KEY')],
  [['moonshot', 'moonshotai'], chat('Moonshot AI', 'https://api.moonshot.ai/v1', 'MOONSHOT_API_KEY')],
  [['moonshotai-cn'], chat('Moonshot AI (China)', 'https://api.moonshot.cn/v1', 'MOONSHOT_API_KEY')],
  [['zai'], chat('Z.ai', 'https://api.z.ai/api/paas/v4', 'ZAI_API_KEY')],
  [['zai-coding-plan'], chat('Z.ai coding plan', 'https://api.z.ai/api/coding/paas/v4', 'ZAI_API_KEY')],
  [['zhipu', 'zhipuai'], chat('Zhipu AI', 'https://open.bigmodel.cn/api/paas/v4', 'ZHIPU_API_KEY')],
  [
    ['dashscope', 'alibaba'],
    chat('Alibaba Cloud', 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1', 'DASHSCOPE_API_KEY')
  ],
  [
    ['alibaba-cn'],
    chat('Alibaba Cloud (China)', 'https://dashscope.aliyuncs.com/compatible-mode/v1', 'DASHSCOPE_API_KEY')
  ],
  [['minimax'], vendor('MiniMax', 'anthropic', 'https://api.minimax.io/anthropic', 'MINIMAX_API_KEY')],
  [['together_ai', 'togetherai'], chat('Together AI', 'https://api.together.xyz/v1', 'TOGETHERAI_API_KEY')],
  [
    ['fireworks_ai', 'fireworks-ai'],
    chat('Fireworks AI', 'https://api.fireworks.ai/inference/v1', 'FIREWORKS_API_KEY')
  ],
  [['cerebras'], chat('Cerebras', 'https://api.cerebras.ai/v1', 'CEREBRAS_API_KEY')],
  [['nvidia_nim', 'nvidia'], chat('NVIDIA', 'https://integrate.api.nvidia.com/v1', 'NVIDIA_NIM_API_KEY')],
  [['deepinfra'], chat('DeepInfra', 'https://api.deepinfra.com/v1/openai', 'DEEPINFRA_API_KEY')],
  [['perplexity'], chat('Perplexity', 'https://api.perplexity.ai', 'PERPLEXITYAI_API_KEY')],
  [['opencode'], chat('OpenCode Zen', 'https://opencode.ai/zen/v1', 'OPENCODE_API_KEY')]
]

const byName: ReadonlyMap<string, Vendor> = new Map(NAMED.flatMap(([names, one]) => names.map((name) => [name, one])))

/** undefined for a name that is none of a vendor's, or of one whose protocol Routex does not speak. */
export const vendorNamed = (name: string): Vendor | undefined => byName.get(name)

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : '')

const origins: ReadonlySet<string> = new Set([
  ...NAMED.map(([, { baseUrl }]) => originOf(baseUrl)),
  ...presets.flatMap(({ endpoints }) => endpoints.map(({ baseUrl }) => originOf(baseUrl)))
])

/** Whether a base URL is a well-known vendor's, so that a key which is sent there can reach nobody else. */
export const isVendor = (baseUrl: string): boolean =>
  originOf(baseUrl).startsWith('https:') && origins.has(originOf(baseUrl))

/** Its name, for an account that has none of its own. */
export const vendorAt = (baseUrl: string): Vendor | undefined =>
  NAMED.find(([, one]) => originOf(one.baseUrl) === originOf(baseUrl))?.[1]
