import type { PresetField } from './presets'

/** What becomes part of a host or a path without changing the rest of it. */
const FIELD_VALUE = /^[\w-]+(?:[.:][\w-]+)*$/

/** Whether a value may be put into an address: letters, digits, hyphens, and dots or colons between them. */
export const isFieldValue = (text: string): boolean => FIELD_VALUE.test(text)

/** A preset's base URL with what was said for its fields; what was not said, or can't be, stays as `{name}`. */
export function filledIn(
  template: string,
  fields: readonly PresetField[],
  values: Readonly<Record<string, string>>
): string {
  let address = template
  for (const { name, leavesOut } of fields) {
    const value = values[name]?.trim() ?? ''
    if (!isFieldValue(value)) continue
    if (leavesOut?.when === value) address = address.replace(leavesOut.text, '')
    address = address.replaceAll(`{${name}}`, value)
  }
  return address
}

/** Whether something is still to be filled in. */
export const hasOpenField = (address: string): boolean => /\{[a-z]+\}/.test(address)
