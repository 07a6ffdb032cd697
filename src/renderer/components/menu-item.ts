import type { IconName } from './icons'

/** A line of a menu. */
export type MenuItem =
  | {
      readonly label: string
      readonly icon?: IconName
      readonly kbd?: string
      readonly hint?: string
      readonly danger?: boolean
      readonly disabled?: boolean
      /** It is a choice that is switched on or off. */
      readonly checked?: boolean
      readonly run: () => void
    }
  | { readonly label: string; readonly icon?: IconName; readonly items: readonly MenuItem[] }
  | 'separator'
