// What the stand-in notes down (`calls`), what the test lets it answer (`answers`), and where its app stands.
export const calls = []
export const answers = {
  'dialog.showMessageBox': { response: 0 },
  'dialog.showOpenDialog': { canceled: true, filePaths: [] },
  ...JSON.parse(process.env.SHIM_ANSWERS ?? '{}')
}
const plain = (value) => {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null')
  } catch {
    return String(value)
  }
}
export const record = (api, ...args) => (calls.push({ api, args: plain(args) }), answers[api])
/** `target` plus, for any member it lacks, a recorded function. */
export const recorder = (name, target = {}) =>
  new Proxy(target, {
    get: (object, key, self) =>
      key in object || typeof key === 'symbol' || key === 'then'
        ? Reflect.get(object, key, self)
        : (...args) => record(`${name}.${key}`, ...args)
  })
export const later = (value) => new Promise((resolve) => setImmediate(resolve, value))
export const cancellable = (extra) => ({
  ...extra,
  defaultPrevented: false,
  preventDefault() {
    this.defaultPrevented = true
  }
})
export const life = { ready: false, quitting: false }
