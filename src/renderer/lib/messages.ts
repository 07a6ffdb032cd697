/**
 * Every text of the page, in each language. A message with a part that changes is a function. `Messages` is what the
 * English table says, so a text that is missing in another language is a build error.
 */
const en = {
  appName: 'Routex',
  switchLanguage: '中文',
  switchLanguageLang: 'zh-CN',

  gateway: 'Gateway',
  on: 'On',
  paused: 'Paused',
  off: 'Off',
  onHint: 'Requests are served',
  pausedHint: 'Requests are answered with 503; the port is kept',
  offHint: 'The port is closed',
  endpoint: 'Endpoint',
  noEndpoint: 'Not listening',
  copyEndpoint: 'Copy endpoint',
  copied: 'Copied',
  copyByHand: 'Selected – press Ctrl+C',

  channels: 'Channels',
  healthyOf: (healthy: string, all: string) => `${healthy} of ${all} healthy`,
  noChannels: 'No channels yet',
  noChannelsHint:
    'Add the first one over the API (channels.create) or in the config file. Nothing can be answered until then.',
  enabled: (name: string) => `${name} enabled`,
  managedByFile: 'The config file sets it',
  builtInHint: 'It goes when you save a first channel',
  fromFile: 'config file',
  builtIn: 'built in',
  clearHealth: 'Clear now',
  clearHealthOf: (name: string) => `Clear the health of ${name} now`,
  inFlightOnChannel: (count: number) => (count === 1 ? '1 in flight' : `${count} in flight`),
  state: {
    closed: 'Healthy',
    open: 'Failing',
    'half-open': 'Being tried',
    cooling: 'Cooling down',
    auth_failed: 'Credential refused',
    disabled: 'Disabled'
  },
  timeLeft: (left: string, until: string) => `${left} left, until ${until}`,
  anyMoment: 'ends at the next request',
  authHint: 'Ends when the credential changes or an answer succeeds',
  failures: (count: number) => (count === 1 ? '1 failure in a row' : `${count} failures in a row`),
  missingModel: (model: string, until: string) => `Has no ${model}; asked again after ${until}`,

  requests: 'Last requests',
  newRequests: (count: string) => `${count} new`,
  noRequests: 'No requests yet',
  noRequestsHint:
    'Paste the curl line that Routex printed when it started, or point a client at the endpoint with a client key.',
  noRequestsPaused: 'Paused: requests are answered with 503 until it is on again.',
  noRequestsOff: 'The gateway is off: turn it on, and requests appear here.',
  column: {
    time: 'Time',
    status: 'Status',
    model: 'Model',
    channel: 'Channel',
    input: 'In',
    output: 'Out',
    cost: 'Cost',
    latency: 'Took'
  },
  inputTokens: 'Input tokens',
  outputTokens: 'Output tokens',
  outcome: {
    ok: 'Answered',
    client_error: 'Client error',
    upstream_error: 'Upstream error',
    truncated: 'Cut off',
    cancelled: 'Cancelled by the client',
    refused: 'Refused'
  },
  attempts: (count: number) => `${count} attempts`,
  demoNote: 'not in totals',
  sentAs: (model: string) => `sent as ${model}`,
  usageDetail: (input: string, read: string, write: string) =>
    `${input} new, ${read} read from cache, ${write} written to cache`,
  reasoningDetail: (reasoning: string) => `${reasoning} of them reasoning`,
  latencyDetail: (firstByte: string, own: string) => `First byte after ${firstByte}; Routex’s own share ${own}`,
  priceUnknown: 'The price is not known',
  usageUnknown: 'The upstream sent no usage',
  unknown: 'Unknown',

  statusBar: 'Status',
  inFlight: (count: string) => `${count} in flight`,
  perSecond: (rate: string) => `${rate}/s`,
  today: (requests: string, tokens: string, cost: string) => `Today ${requests} req · ${tokens} tok · ${cost}`,
  todayHint: 'Since midnight, without the Demo',
  errorsToday: (errors: string) => `${errors} failed`,
  healthyChannels: (healthy: string, all: string) => `${healthy} of ${all} channels healthy`,
  keychain: 'Keychain',
  keychainHint: 'Credentials rest in the OS keychain',
  keyFile: 'Key file',
  keyFileHint: 'No OS keychain is available: credentials are encrypted with a key file in the data folder',
  stateUnknown: 'State unknown',
  version: (version: string) => `Version ${version}`,

  loading: 'Loading',
  retry: 'Try again',
  loadFailed: (what: string) => `${what} could not be loaded`,
  connecting: 'Connecting to Routex…',
  lost: 'Routex does not answer',
  lostHint: (seconds: string) => `What you see is from before. Next try in ${seconds} s.`,
  retryNow: 'Try now',
  locked: 'This page needs its token',
  lockedHint: 'Open the address that Routex printed when it started. It ends in #token=…',
  configError: 'The config file was refused; the last good one stays in force',
  changeFailed: 'That did not work',
  dismiss: 'Dismiss'
}

/** The same keys with texts of any kind; functions keep their parameters. */
type Texts<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends object
      ? T[K] extends (...parts: infer P) => string
        ? (...parts: P) => string
        : Texts<T[K]>
      : T[K]
}
export type Messages = Texts<typeof en>

const zhCN: Messages = {
  appName: 'Routex',
  switchLanguage: 'English',
  switchLanguageLang: 'en',

  gateway: '网关',
  on: '运行',
  paused: '暂停',
  off: '关闭',
  onHint: '正常处理请求',
  pausedHint: '保留端口，对请求一律返回 503',
  offHint: '端口已关闭',
  endpoint: '接入地址',
  noEndpoint: '未监听',
  copyEndpoint: '复制接入地址',
  copied: '已复制',
  copyByHand: '已选中，请按 Ctrl+C',

  channels: '渠道',
  healthyOf: (healthy, all) => `${healthy}/${all} 个正常`,
  noChannels: '还没有渠道',
  noChannelsHint: '请通过 API(channels.create)或配置文件添加第一个渠道，在此之前无法应答请求。',
  enabled: (name) => `启用 ${name}`,
  managedByFile: '由配置文件管理',
  builtInHint: '保存第一个渠道后自动消失',
  fromFile: '配置文件',
  builtIn: '内置',
  clearHealth: '立即解除',
  clearHealthOf: (name) => `立即解除 ${name} 的异常状态`,
  inFlightOnChannel: (count) => `${count} 个进行中`,
  state: {
    closed: '正常',
    open: '已熔断',
    'half-open': '试探中',
    cooling: '冷却中',
    auth_failed: '凭证被拒',
    disabled: '已停用'
  },
  timeLeft: (left, until) => `剩余 ${left}，至 ${until}`,
  anyMoment: '下一个请求到来时解除',
  authHint: '更换凭证或请求成功后自动恢复',
  failures: (count) => `连续失败 ${count} 次`,
  missingModel: (model, until) => `没有模型 ${model}，${until} 后再试`,

  requests: '最近请求',
  newRequests: (count) => `${count} 条新请求`,
  noRequests: '还没有请求',
  noRequestsHint: '粘贴 Routex 启动时输出的 curl 命令即可发出第一个请求，也可以在客户端填入接入地址和客户端密钥。',
  noRequestsPaused: '已暂停：恢复运行之前，请求一律返回 503。',
  noRequestsOff: '网关已关闭，开启后请求会出现在这里。',
  column: {
    time: '时间',
    status: '状态',
    model: '模型',
    channel: '渠道',
    input: '输入',
    output: '输出',
    cost: '费用',
    latency: '耗时'
  },
  inputTokens: '输入 token',
  outputTokens: '输出 token',
  outcome: {
    ok: '成功',
    client_error: '客户端错误',
    upstream_error: '上游错误',
    truncated: '中途断开',
    cancelled: '客户端已取消',
    refused: '已拒绝'
  },
  attempts: (count) => `尝试 ${count} 次`,
  demoNote: '不计入统计',
  sentAs: (model) => `实际发送 ${model}`,
  usageDetail: (input, read, write) => `新输入 ${input}，缓存命中 ${read}，写入缓存 ${write}`,
  reasoningDetail: (reasoning) => `其中推理 ${reasoning}`,
  latencyDetail: (firstByte, own) => `首字节 ${firstByte},Routex 自身 ${own}`,
  priceUnknown: '价格未知',
  usageUnknown: '上游未返回用量',
  unknown: '未知',

  statusBar: '状态栏',
  inFlight: (count) => `${count} 个进行中`,
  perSecond: (rate) => `${rate}/秒`,
  today: (requests, tokens, cost) => `今日 ${requests} 次请求 · ${tokens} token · ${cost}`,
  todayHint: '自零点起，不含演示渠道',
  errorsToday: (errors) => `${errors} 次失败`,
  healthyChannels: (healthy, all) => `${healthy}/${all} 个渠道正常`,
  keychain: '钥匙串',
  keychainHint: '凭证保存在系统钥匙串中',
  keyFile: '密钥文件',
  keyFileHint: '系统钥匙串不可用，凭证由数据目录中的密钥文件加密保存',
  stateUnknown: '状态未知',
  version: (version) => `版本 ${version}`,

  loading: '加载中',
  retry: '重试',
  loadFailed: (what) => `${what}加载失败`,
  connecting: '正在连接 Routex…',
  lost: 'Routex 没有响应',
  lostHint: (seconds) => `当前显示的是断开前的内容，${seconds} 秒后重试。`,
  retryNow: '立即重试',
  locked: '此页面需要令牌',
  lockedHint: '请打开 Routex 启动时输出的地址，它以 #token=… 结尾',
  configError: '配置文件有误，仍在使用上一份有效配置',
  changeFailed: '操作未成功',
  dismiss: '关闭提示'
}

export const messages = { en, 'zh-CN': zhCN } as const satisfies Record<string, Messages>
export type Locale = keyof typeof messages
