/** Runs in the page before its scripts: what a sandboxed preload sees. */
export const preloadHost = (preload, argv) => {
  const listeners = new Map()
  const clone = (value) => structuredClone(value) // throws DataCloneError as Electron does ($state proxies, functions)
  const unwrap = (reply) => {
    if (reply.error) throw new Error(reply.error)
    return reply.value
  }
  const on = (channel, listener) => (listeners.set(channel, [...(listeners.get(channel) ?? []), listener]), ipcRenderer)
  const off = (channel, listener) => (
    listeners.set(
      channel,
      (listeners.get(channel) ?? []).filter((l) => l !== listener && l.origin !== listener)
    ),
    ipcRenderer
  )
  const ipcRenderer = {
    on,
    addListener: on,
    off,
    removeListener: off,
    once: (channel, listener) => {
      const w = (...a) => (off(channel, w), listener(...a))
      w.origin = listener
      return on(channel, w)
    },
    removeAllListeners: (channel) => (listeners.delete(channel), ipcRenderer),
    send: (channel, ...args) => void globalThis.__shimSend(channel, clone(args)),
    invoke: async (channel, ...args) => unwrap(await globalThis.__shimInvoke(channel, clone(args)))
  }
  globalThis.__shimEmit = (channel, args) => {
    for (const l of listeners.get(channel) ?? []) l({ sender: ipcRenderer, ports: [] }, ...args)
  }
  // contextBridge copies: functions become proxies with copied arguments and results, objects are frozen.
  const bridge = (value) =>
    typeof value === 'function'
      ? (...args) => {
          const out = value(...args.map((a) => (typeof a === 'function' ? bridge(a) : clone(a))))
          return out instanceof Promise ? out.then(bridge) : bridge(out)
        }
      : value && Object.getPrototypeOf(value) === Object.prototype
        ? Object.freeze(Object.fromEntries(Object.entries(value).map(([k, v]) => [k, bridge(v)])))
        : Array.isArray(value)
          ? value.map(bridge)
          : typeof value === 'object' && value !== null
            ? clone(value)
            : value
  const contextBridge = {
    exposeInMainWorld: (key, api) => Object.defineProperty(globalThis, key, { value: bridge(api), enumerable: true })
  }
  const require = (id) => {
    if (id === 'electron' || id === 'electron/renderer') return { contextBridge, ipcRenderer }
    throw new Error(`module not found: ${id} (sandboxed preload)`)
  }
  const module = { exports: {} }
  preload(require, module, module.exports, {
    platform: 'linux',
    argv,
    versions: { electron: '45.4.1' },
    contextIsolated: true,
    sandboxed: true
  })
}
