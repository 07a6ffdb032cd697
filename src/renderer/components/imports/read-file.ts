/** Bytes of a file that the API takes in one call, which as base64 are a third more (16 MiB for the body). */
export const MOST_BYTES = 11 * 1024 * 1024

/** What every SQLite database begins with (https://www.sqlite.org/fileformat2.html#the_database_header). */
const SQLITE = 'SQLite format 3\0'

/** Bytes that one call to String.fromCharCode takes as its arguments. */
const AT_ONCE = 8192

function asBinary(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += AT_ONCE) {
    binary += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE))
  }
  return binary
}

/** A file as `imports.read` takes it: a database as base64, all else as text. */
export async function readFile(file: File): Promise<{ readonly text: string } | { readonly base64: string }> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const begin = String.fromCharCode(...bytes.subarray(0, SQLITE.length))
  return begin === SQLITE ? { base64: btoa(asBinary(bytes)) } : { text: new TextDecoder().decode(bytes) }
}
