import type { MediaPart, MediaSource } from './canonical'

/** The head of a data URL is short; megabytes may follow. */
const LONGEST_HEAD = 200
const DATA_URL = /^data:([^;,]*)([^,]*),/i

/**
 * What a URL names: the bytes of a data URL, whether they are written in base64 or in percent signs (RFC 2397), else the place
 * itself. `mimeType`: what the URL says of it; null: nothing.
 */
export function sourceOf(url: string): { readonly mimeType: string | null; readonly source: MediaSource } {
  const head = DATA_URL.exec(url.slice(0, LONGEST_HEAD))
  if (head === null) return { mimeType: null, source: { kind: 'url', url } }
  const [all, mimeType = '', parameters = ''] = head
  const payload = url.slice(all.length)
  if (/;base64$/i.test(parameters)) {
    const data = payload.includes('%') ? bytesOf(payload).toString('latin1') : payload
    return { mimeType: mimeType === '' ? null : mimeType, source: { kind: 'base64', data } }
  }
  const data = bytesOf(payload).toString('base64')
  return { mimeType: mimeType === '' ? 'text/plain' : mimeType, source: { kind: 'base64', data } }
}

/** A percent sign that escapes nothing stays as it is. */
function bytesOf(escaped: string): Buffer {
  const bytes = Buffer.from(escaped, 'utf8').toString('latin1')
  const plain = bytes.replaceAll(/%([\da-f]{2})/gi, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16))
  )
  return Buffer.from(plain, 'latin1')
}

export function kindOf(mimeType: string): MediaPart['media'] {
  const [family] = mimeType.split('/')
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'document'
}
