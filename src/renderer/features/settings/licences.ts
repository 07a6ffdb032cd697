import { z } from 'zod'
import { ApiFailure } from '../../lib/backend'

const licence = z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.string() })
export type Licence = Readonly<z.infer<typeof licence>>

// A chunk of its own: it is large, and hardly ever read.
const files = import.meta.glob('../../../../resources/licences.json', { import: 'default' })

/** What Routex is made with. Rejects with ApiFailure when it can't be had. */
export async function loadLicences(): Promise<readonly Licence[]> {
  const [load] = Object.values(files)
  if (!load) throw new ApiFailure('not_found', 'This build was made without the list of licences')
  return z.array(licence).parse(await load())
}
