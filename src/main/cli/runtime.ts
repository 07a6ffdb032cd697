const OLDEST = { major: 22, minor: 19 }

/**
 * Why this Node can't run Routex; null when it can. To be asked before anything native is loaded: on an older one
 * better-sqlite3 crashes the process without a word.
 */
export function runtimeProblem(version: string): string | null {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return null
  return (
    `Routex needs Node ${OLDEST.major}.${OLDEST.minor} or newer, and this is ${version}. ` +
    'Install a newer one from https://nodejs.org, or start with "npm start", which brings its own.'
  )
}
