/** Parts of a request's account. */
export type DetailTab = 'route' | 'usage' | 'request' | 'response' | 'timing'
