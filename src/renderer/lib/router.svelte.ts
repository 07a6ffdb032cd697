/** Pages in the order of the sidebar; `first-run` is reached by other ways. */
const PAGES = ['overview', 'channels', 'sessions', 'logs', 'clients', 'storage', 'settings', 'first-run'] as const
export type PageName = (typeof PAGES)[number]
type Params = Readonly<Record<string, string>>

interface Place {
  readonly page: PageName
  readonly params: Params
}

function readHash(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const page = PAGES.find((name) => name === path)
  return page ? { page, params: Object.fromEntries(new URLSearchParams(query)) } : { page: 'overview', params: {} }
}

/** The address of a page, for links: `#/logs?q=status%3A5xx`. */
export function hrefOf(page: PageName, params: Params = {}): string {
  const query = new URLSearchParams(params).toString()
  return `#/${page}${query && `?${query}`}`
}

/** Which page is shown. It stands in the address, so back, forward and reload work. */
class Router {
  #place: Place = $state.raw(readHash(location.hash))

  get page(): PageName {
    return this.#place.page
  }

  get params(): Params {
    return this.#place.params
  }

  /** `replace`: the present place is not one to come back to (a filter that is being typed). */
  go(page: PageName, params: Params = {}, { replace = false }: { readonly replace?: boolean } = {}): void {
    const href = hrefOf(page, params)
    if (replace) history.replaceState(null, '', href)
    else if (href !== location.hash) history.pushState(null, '', href)
    this.#place = { page, params }
  }

  /** Follows back, forward and links. Returns what ends it. */
  listen(): () => void {
    const follow = (): void => {
      const place = readHash(location.hash)
      this.#place = place
      // An address that names no page says where one is instead.
      const named = location.hash.replace(/^#\/?/, '').split('?', 1)[0]
      if (named !== '' && named !== place.page) history.replaceState(null, '', hrefOf(place.page))
    }
    follow()
    addEventListener('popstate', follow)
    addEventListener('hashchange', follow)
    return () => {
      removeEventListener('popstate', follow)
      removeEventListener('hashchange', follow)
    }
  }
}

/** One for the page. */
export const router = new Router()
