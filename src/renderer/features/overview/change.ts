/** How much a figure changed against the period before, as a share of it: 0.25 is a quarter more. null: not to be told. */
export function relativeChange(present: number | null, before: number | null): number | null {
  if (present === null || before === null || before === 0) return null
  return (present - before) / before
}

/** Share of the requests that failed, 0 to 1; null without a request. */
export function errorRate({ requests, errors }: { readonly requests: number; readonly errors: number }): number | null {
  return requests === 0 ? null : errors / requests
}
