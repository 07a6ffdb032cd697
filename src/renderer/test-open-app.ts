import { render } from 'vitest-browser-svelte'
import { FakeBackend } from '../../test/e2e/support/fake-backend'
import App from './App.svelte'

/** Renders the whole page on a fake backend. */
export async function openApp(prepare?: (backend: FakeBackend) => void) {
  const backend = new FakeBackend()
  prepare?.(backend)
  const container = document.createElement('div')
  container.id = 'app'
  container.style.height = '700px'
  document.body.append(container)
  const screen = await render(App, { target: container, props: { backend } }, { baseElement: document.body })
  return { backend, screen, bar: screen.getByRole('contentinfo') }
}
