import type { Quirks } from '../../shared/quirks'
import { insertTopLevel, removeTopLevel } from '../protocols/json-edit'

/** A body with the members that its vendor wants besides, and without those it refuses; all other bytes as they came (B13). */
export function withFields(body: Buffer, { addsFields, dropsFields }: Quirks): Buffer {
  let edited = dropsFields === undefined ? body : removeTopLevel(body, dropsFields)
  for (const [name, value] of Object.entries(addsFields ?? {})) {
    edited = insertTopLevel(edited, name, JSON.stringify(value))
  }
  return edited
}
