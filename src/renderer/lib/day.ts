/** Midnight that began the user's day, ms since 1970. */
export function startOfDay(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0)
}
