import './styles/app.css'
import { loadTexts } from './lib/i18n.svelte'

/**
 * Test files run side by side on one origin and would read each other's choices, a language among them: each gets a storage
 * of its own.
 */
class OwnStorage implements Storage {
  [name: string]: unknown
  readonly #items = new Map<string, string>()

  get length(): number {
    return this.#items.size
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value)
  }

  removeItem(key: string): void {
    this.#items.delete(key)
  }

  clear(): void {
    this.#items.clear()
  }
}

Object.defineProperty(window, 'localStorage', { value: new OwnStorage() })
// They share the tab as well, and with it the token that another one keeps there.
Object.defineProperty(window, 'sessionStorage', { value: new OwnStorage() })

// A test that switches the language reads the other one's texts at once.
await Promise.all([loadTexts('en'), loadTexts('zh-CN')])
