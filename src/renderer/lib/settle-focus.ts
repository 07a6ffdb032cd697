/** Has the field in focus take what was typed, as leaving it would, and keeps it in focus: for what saves by a key. */
export function settleFocus(): void {
  const { activeElement } = document
  if (!(activeElement instanceof HTMLElement)) return
  activeElement.blur()
  activeElement.focus()
}
