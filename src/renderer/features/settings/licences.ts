/** A package that Routex is made with. */
export interface Licence {
  readonly name: string
  readonly version: string
  readonly licence: string
  /** null: the package names none. */
  readonly repository: string | null
}

/** What Routex is made with; a chunk of its own, as it is hardly ever read. */
export async function loadLicences(): Promise<readonly Licence[]> {
  return (await import('../../../../resources/licences.json')).default
}
