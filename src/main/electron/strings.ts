import type { ClientState } from '../../shared/clients'
import type { ChannelState } from '../../shared/channel-standing'
import type { RestCause } from '../../shared/rest-cause'
import type { Settings, Strategy } from '../../shared/settings'

const en = {
  locale: 'en',
  open: 'Open Routex',
  turnedOn: 'Gateway on',
  quit: 'Quit Routex',
  state: { on: 'On', paused: 'Paused', off: 'Off' },
  trouble: 'needs your attention',
  until: (what: string, time: string) => `${what} until ${time}`,
  copyEndpoint: 'Copy endpoint',
  today: (requests: string, tokens: string, cost: string) =>
    `Today: ${requests} ${requests === '1' ? 'request' : 'requests'} · ${tokens} tokens · ${cost}`,
  pause: 'Pause',
  pauseFor: { 15: 'For 15 minutes', 60: 'For 1 hour' },
  pauseOpenEnd: 'Until resumed',
  resume: 'Resume',
  strategy: 'Strategy',
  strategies: {
    priority: 'Priority',
    round_robin: 'Round robin',
    weighted: 'By weight',
    least_used: 'Least used'
  } satisfies Record<Strategy, string>,
  channels: 'Channels',
  useAll: 'Use all channels',
  onlyThisOne: 'Use only this one:',
  noChannels: 'No channels yet',
  demoOnly: 'Demo channel only',
  health: {
    closed: 'healthy',
    open: 'failing',
    'half-open': 'trying again',
    cooling: 'cooling',
    auth_failed: 'credential refused',
    over_budget: 'stopped by its budget',
    switched: 'switched by its budget',
    disabled: 'disabled'
  } satisfies Record<ChannelState, string>,
  causes: {
    limit: 'rate limited',
    overload: 'overloaded',
    quota: 'quota used up'
  } satisfies Record<RestCause, string>,
  causeTold: (cause: string, told: string) => `${cause}: ${told}`,
  clients: 'Clients',
  noClients: 'No assistant was found here',
  clientStates: {
    direct: 'not connected',
    by_hand: 'connected by hand',
    connected: 'connected',
    changed: 'changed since',
    outdated: 'out of date',
    interrupted: 'ended half-way',
    record_lost: 'can’t be restored'
  } satisfies Record<Exclude<ClientState['kind'], 'connected'> | 'connected' | 'changed' | 'outdated', string>,
  connectClient: 'Connect…',
  restoreClient: 'Restore…',
  restoreTitle: (client: string) => `Restore ${client}?`,
  restoreHint: 'Its settings become what they were. What was changed in them since stays.',
  restoreNow: 'Restore',
  portTaken: (port: number) => `Port ${port} is taken`,
  usePort: (port: number) => `Use port ${port}`,
  stayOff: 'Leave the gateway off',
  portHint: (port: number) =>
    `Routex can listen on port ${port} instead and remember it. Clients must then be pointed at the new address.`,
  crashed: 'The window crashed',
  crashedHint: (reason: string) => `The gateway goes on serving requests. (${reason})`,
  reload: 'Open it again',
  closeWindow: 'Close the window',
  cannotStart: 'Routex cannot start',
  cannotChange: 'That could not be changed',
  quitTitle: 'Quit Routex?',
  quitHint: (inFlight: number, atQuit: Settings['clients']['atQuit']) =>
    `${
      atQuit === 'restore'
        ? 'Connected assistants get their own settings back until Routex runs again. What was pointed at it by hand, or runs already, can’t connect.'
        : 'Clients that are pointed at Routex can’t connect until it runs again.'
    }${inFlight === 0 ? '' : ` Requests in flight (${inFlight}) get up to 10 seconds to end.`}`,
  quitNow: 'Quit',
  cancel: 'Cancel',
  dontAskAgain: 'Don’t ask again',
  goesOn: 'Routex goes on in the tray',
  goesOnHint: 'The gateway keeps serving requests. Quit from the tray’s menu; starting Routex again shows its window.',
  failing: (name: string) => `${name} is failing`,
  failingHint: 'Requests go to your other channels meanwhile.',
  manyFailing: (count: number) => `${count} channels are failing`,
  back: (name: string) => `${name} is back`,
  manyBack: (count: number) => `${count} channels are back`,
  backHint: 'It gets requests again.',
  updateReady: (version: string) => `Routex ${version} is ready`,
  updateReadyHint: 'It is installed when you quit, or at once from the settings.',
  budgetWarned: (name: string) => `${name}: 80 % of the budget is used`,
  budgetUsedUp: (name: string) => `${name}: the budget is used up`,
  budgetHint: (spent: string, limit: string, until: string) => `${spent} of ${limit}; it begins anew on ${until}.`,
  saveExport: 'Export requests'
}

export type ShellStrings = typeof en

const zhCN: ShellStrings = {
  locale: 'zh-CN',
  open: '打开 Routex',
  turnedOn: '开启网关',
  quit: '退出 Routex',
  state: { on: '运行中', paused: '已暂停', off: '已关闭' },
  trouble: '需要处理',
  until: (what, time) => `${what}，至 ${time}`,
  copyEndpoint: '复制接入地址',
  today: (requests, tokens, cost) => `今日：${requests} 次请求 · ${tokens} token · ${cost}`,
  pause: '暂停',
  pauseFor: { 15: '15 分钟', 60: '1 小时' },
  pauseOpenEnd: '直到手动恢复',
  resume: '恢复',
  strategy: '调度策略',
  strategies: { priority: '按优先级', round_robin: '轮询', weighted: '按权重', least_used: '最少使用' },
  channels: '渠道',
  useAll: '使用全部渠道',
  onlyThisOne: '仅使用：',
  noChannels: '还没有渠道',
  demoOnly: '仅演示渠道',
  health: {
    closed: '正常',
    open: '熔断',
    'half-open': '试探中',
    cooling: '冷却',
    auth_failed: '凭据被拒',
    over_budget: '预算已用完',
    switched: '预算用完，已切换',
    disabled: '已停用'
  },
  causes: { limit: '触发限流', overload: '上游过载', quota: '额度用尽' },
  causeTold: (cause, told) => `${cause}：${told}`,
  clients: '客户端',
  noClients: '未在本机找到编程助手',
  clientStates: {
    direct: '未接入',
    by_hand: '已手动接入',
    connected: '已接入',
    changed: '接入后有改动',
    outdated: '需要更新',
    interrupted: '中途中断',
    record_lost: '无法恢复'
  },
  connectClient: '接入…',
  restoreClient: '恢复…',
  restoreTitle: (client) => `恢复 ${client}？`,
  restoreHint: '其配置将恢复原样，接入后的改动会保留。',
  restoreNow: '恢复',
  portTaken: (port) => `端口 ${port} 已被占用`,
  usePort: (port) => `改用端口 ${port}`,
  stayOff: '暂不开启网关',
  portHint: (port) => `Routex 可以改为监听端口 ${port} 并记住它，客户端需要改用新的接入地址。`,
  crashed: '窗口已崩溃',
  crashedHint: (reason) => `网关仍在处理请求。（${reason}）`,
  reload: '重新打开',
  closeWindow: '关闭窗口',
  cannotStart: 'Routex 无法启动',
  cannotChange: '更改失败',
  quitTitle: '退出 Routex？',
  quitHint: (inFlight, atQuit) =>
    `${
      atQuit === 'restore'
        ? '退出后，已接入的助手会恢复自己的配置，直到 Routex 再次运行；手动接入的以及正在运行的客户端将无法连接。'
        : '退出后，指向 Routex 的客户端将无法连接，直到它再次运行。'
    }${inFlight === 0 ? '' : `正在处理的 ${inFlight} 个请求最多再等 10 秒。`}`,
  quitNow: '退出',
  cancel: '取消',
  dontAskAgain: '不再询问',
  goesOn: 'Routex 仍在托盘中运行',
  goesOnHint: '网关继续处理请求。可从托盘菜单退出；再次启动 Routex 会显示窗口。',
  failing: (name) => `渠道“${name}”出现故障`,
  failingHint: '请求暂由其他渠道处理。',
  manyFailing: (count) => `${count} 个渠道出现故障`,
  back: (name) => `渠道“${name}”已恢复`,
  manyBack: (count) => `${count} 个渠道已恢复`,
  backHint: '重新开始接收请求。',
  updateReady: (version) => `Routex ${version} 已就绪`,
  updateReadyHint: '将在退出时安装，也可以在设置中立即安装。',
  budgetWarned: (name) => `${name}：预算已用 80%`,
  budgetUsedUp: (name) => `${name}：预算已用完`,
  budgetHint: (spent, limit, until) => `已用 ${spent}，共 ${limit}；${until} 重新计算。`,
  saveExport: '导出请求记录'
}

/** The shell's texts (tray, dialogs, notifications): in the language that was chosen, else the system's, else English. */
export function stringsFor(language: Settings['appearance']['language'], systemLocale: string): ShellStrings {
  return /^zh\b/i.test(language === 'system' ? systemLocale : language) ? zhCN : en
}
