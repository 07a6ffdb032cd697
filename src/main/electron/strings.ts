const en = {
  open: 'Open Routex',
  turnedOn: 'Gateway on',
  quit: 'Quit Routex',
  state: { on: 'On', paused: 'Paused', off: 'Off' },
  trouble: 'needs your attention',
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
  cannotChange: 'The gateway could not be switched'
}

type Strings = typeof en

const zhCN: Strings = {
  open: '打开 Routex',
  turnedOn: '网关运行中',
  quit: '退出 Routex',
  state: { on: '运行', paused: '暂停', off: '关闭' },
  trouble: '需要处理',
  portTaken: (port) => `端口 ${port} 已被占用`,
  usePort: (port) => `改用端口 ${port}`,
  stayOff: '暂不开启网关',
  portHint: (port) => `Routex 可以改为监听端口 ${port} 并记住它，客户端需要改用新的接入地址。`,
  crashed: '窗口已崩溃',
  crashedHint: (reason) => `网关仍在处理请求。（${reason}）`,
  reload: '重新打开',
  closeWindow: '关闭窗口',
  cannotStart: 'Routex 无法启动',
  cannotChange: '网关状态切换失败'
}

/** The shell's texts (tray, dialogs) in the system's language, English when we do not speak it. */
export function stringsFor(locale: string): Strings {
  return /^zh\b/i.test(locale) ? zhCN : en
}

export type ShellStrings = Strings
