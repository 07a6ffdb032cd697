import { textIn } from './foreign-json'

/**
 * An item that stands for another, by its id. Its type may be left out, as a message's may, which has a role:
 * https://platform.openai.com/docs/api-reference/responses/create#responses-create-input
 */
export function isReference(item: unknown): boolean {
  const type = textIn(item, 'type')
  return type === null ? textIn(item, 'role') === null && textIn(item, 'id') !== null : type === 'item_reference'
}
