/** What a toast says, and what can be done about it. */
export interface ToastContent {
  readonly text: string
  /** A second line: what to do. */
  readonly hint?: string
  readonly tone?: 'plain' | 'bad'
  readonly undo?: { readonly label: string; readonly run: () => void }
  /** How long it stays. */
  readonly ms?: number
  /** What it offers ends after this long, so it goes by then even while it is read. */
  readonly mostMs?: number
  /** What it is about: it takes the place of an earlier one about the same. */
  readonly about?: string
}

export interface Toast extends ToastContent {
  readonly id: number
}

const usualMs = 10_000

/** Short notes at the bottom of the page. They wait while the pointer or the focus is on them. */
export class ToastsState {
  list: readonly Toast[] = $state.raw([])

  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>()
  readonly #ends = new Map<number, ReturnType<typeof setTimeout>>()
  #nextId = 1

  /** Returns what takes it away again. */
  show(content: ToastContent): () => void {
    const earlier = this.list.find(({ about }) => about !== undefined && about === content.about)
    if (earlier) this.dismiss(earlier.id)
    const toast = { ...content, id: this.#nextId++ }
    this.list = [...this.list, toast]
    this.#start(toast)
    if (toast.mostMs !== undefined) {
      this.#ends.set(
        toast.id,
        setTimeout(() => this.dismiss(toast.id), toast.mostMs)
      )
    }
    return () => this.dismiss(toast.id)
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    clearTimeout(this.#ends.get(id))
    this.#ends.delete(id)
    this.list = this.list.filter((toast) => toast.id !== id)
  }

  /** Takes it away and runs its undo. */
  undo(id: number): void {
    const toast = this.list.find((shown) => shown.id === id)
    this.dismiss(id)
    toast?.undo?.run()
  }

  /** Nothing goes away while it is read. */
  hold(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  /** The time of each begins anew. */
  release(): void {
    for (const toast of this.list) this.#start(toast)
  }

  #start(toast: Toast): void {
    clearTimeout(this.#timers.get(toast.id))
    this.#timers.set(
      toast.id,
      setTimeout(() => this.dismiss(toast.id), toast.ms ?? usualMs)
    )
  }
}
