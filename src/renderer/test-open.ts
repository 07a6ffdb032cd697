import type { Component } from 'svelte'
import { render } from 'vitest-browser-svelte'
import { FakeBackend } from '../../test/e2e/support/fake-backend'
import type { AppState } from './lib/app.svelte'
import { i18n, type Language } from './lib/i18n.svelte'
import { router, type PageName } from './lib/router.svelte'
import TestFrame from './TestFrame.svelte'

interface OpenOptions {
  readonly prepare?: (backend: FakeBackend) => void
  readonly props?: Record<string, unknown>
  readonly language?: Language
  readonly at?: readonly [PageName, Readonly<Record<string, string>>?]
}

/** Renders a part of the page on a fake backend, inside what App gives it (getApp, toasts, shortcuts). */
export async function openInApp(part: Component<never>, { prepare, props, language = 'en', at }: OpenOptions = {}) {
  localStorage.clear()
  i18n.choose(language)
  if (at) router.go(...at)
  const backend = new FakeBackend()
  prepare?.(backend)
  let app: AppState | undefined
  const screen = await render(TestFrame, {
    props: {
      backend,
      part: part as Component<Record<string, unknown>>,
      props: props ?? {},
      onapp: (made: AppState) => (app = made)
    }
  })
  if (!app) throw new Error('the frame made no AppState')
  return { backend, screen, app }
}
