import { i18n } from './i18n.svelte'

/** Every text of the page (messages/), in the language that it speaks: what reads one here follows a switch. */
export const m = new Proxy(i18n.texts, {
  get: (_first, name): unknown => Reflect.get(i18n.texts, name)
})
