import { i18n } from './i18n.svelte'

function say(name: PropertyKey, values: readonly unknown[]): unknown {
  const text: unknown = Reflect.get(i18n.texts, name)
  return typeof text === 'function' ? Reflect.apply(text, undefined, values) : text
}

/**
 * Every text of the page (messages/), in the language that it speaks at the call: a text that was kept by its function, in
 * a table of words, follows a switch too.
 */
export const m = new Proxy(i18n.texts, {
  get:
    (_first, name) =>
    (...values: unknown[]) =>
      say(name, values)
})
