/** The row nearest to a height in the window, px. */
export interface RowSpot {
  /** Its place among all rows. */
  readonly index: number
  /** How far below the row's top the height is. */
  readonly below: number
  readonly height: number
}

/** What a list of rows that are there only while they are in sight can be asked for (`bind:this`). */
export interface VirtualListHandle {
  /** Brings a row into sight with the least movement. */
  scrollToIndex(index: number): void
  scrollToTop(): void
  /** Moves the rows by so many px, as far as there are more. */
  scrollBy(px: number): void
  /** Where the rows can be seen, in px of the window: below the header. */
  viewport(): { readonly top: number; readonly bottom: number } | null
  /** null in an empty list. */
  rowAt(clientY: number): RowSpot | null
}
