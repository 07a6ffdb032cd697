/** How every browser test launches Chromium: the system's own, found by `scripts/setup.mjs` or named by `CHROMIUM`. */
export const chromiumLaunchOptions = {
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox', // the test machines run as root; the app itself never gets this flag
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync'
  ]
}
