/** Drawn on a 16 × 16 grid with strokes of 1.5. */
export const iconPaths = {
  copy: 'M6 5.75h6.25a1 1 0 0 1 1 1v6.5a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-6.5a1 1 0 0 1 1-1ZM10.5 3.5v-.25a1 1 0 0 0-1-1H3.75a1 1 0 0 0-1 1V10a1 1 0 0 0 1 1',
  check: 'm3.5 8.5 3 3 6-7',
  warning: 'M8 2.25 14.5 13.5h-13L8 2.25ZM8 6.5v3.25M8 11.5v.25',
  close: 'm4.5 4.5 7 7m0-7-7 7',
  up: 'M8 13V3.5M3.75 7.5 8 3.25l4.25 4.25',
  lock: 'M4.25 7.25h7.5a1 1 0 0 1 1 1v4.5a1 1 0 0 1-1 1h-7.5a1 1 0 0 1-1-1v-4.5a1 1 0 0 1 1-1ZM5.25 7V5a2.75 2.75 0 0 1 5.5 0v2',
  offline:
    'M1.75 6.25A9 9 0 0 1 5 4.2M7.6 3.55a9 9 0 0 1 6.65 2.7M4.4 9.1A5.4 5.4 0 0 1 6.6 7.75M10 8a5.4 5.4 0 0 1 1.6 1.1M8 12.25v.25M2.5 2l11 11.5'
} as const
export type IconName = keyof typeof iconPaths
