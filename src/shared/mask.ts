/** What stands in the place of a secret that is read back. Sent again where one is saved, it means: as it was. */
export const MASK = '****'

const MASK_CHARACTERS = /^[*•●∙·….\s]+$/

/** Nothing but what programs and pages show in the place of a secret: no key, and no value of a secret header. */
export const isMask = (text: string): boolean => MASK_CHARACTERS.test(text)
