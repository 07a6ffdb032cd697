// node scripts/stage-release.mjs FOLDER PERCENT: writes into every update feed of the folder (latest*.yml) to how many of the
// installations the version is offered. electron-updater reads it (stagingPercentage) and decides by a number that each
// installation keeps, so a higher percentage later reaches more of them, and never fewer.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The feed with that percentage in the place of another one. @param {string} feed YAML @param {number} percent */
export function stage(feed, percent) {
  const lines = feed.split('\n').filter((line) => line !== '' && !line.startsWith('stagingPercentage:'))
  return `${[...lines, `stagingPercentage: ${percent}`].join('\n')}\n`
}

/** @param {string} folder @param {string} text @returns {string[]} the feeds that were written */
export function stageFolder(folder, text) {
  const percent = Number(text)
  if (!/^\d{1,3}$/.test(text) || percent < 1 || percent > 100)
    throw new Error(`${text}: must be a percentage, 1 to 100`)
  const feeds = readdirSync(folder).filter((name) => /^latest.*\.yml$/.test(name))
  if (feeds.length === 0) throw new Error(`${folder}: has no latest*.yml`)
  for (const name of feeds) {
    const file = join(folder, name)
    writeFileSync(file, stage(readFileSync(file, 'utf8'), percent))
  }
  return feeds
}

if (import.meta.main) {
  const [folder = 'dist', percent = '100'] = process.argv.slice(2)
  console.log(`${stageFolder(folder, percent).join(', ')}: ${percent} %`)
}
