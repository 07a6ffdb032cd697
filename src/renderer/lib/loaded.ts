import type { ApiFailure } from './backend'

/** What a part of the page knows of its data. */
export type Loaded<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: ApiFailure }
