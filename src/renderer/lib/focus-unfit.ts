/** Puts the focus on the first field below `root` whose text can't be taken, which says why; false when each can. */
export function focusUnfit(root: ParentNode | null | undefined): boolean {
  const unfit = root?.querySelector<HTMLElement>('input:invalid')
  unfit?.focus()
  return unfit !== null && unfit !== undefined
}
