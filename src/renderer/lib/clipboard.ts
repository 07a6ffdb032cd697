/**
 * Copies a text. Without a secure context (plain HTTP from another machine) there is no clipboard: then `source`, where
 * the text stands, is selected for the user to copy. Resolves with whether it was copied.
 */
export async function copyText(text: string, source?: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    if (source) getSelection()?.selectAllChildren(source)
    return false
  }
}
