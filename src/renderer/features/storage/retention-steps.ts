/** Where the sliders of the retention rest: fine where it is short, coarse where it is long. Days. */
export const retentionDays: readonly number[] = [
  1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180, 365, 730, 1825, 3650
]

/** The same of the size, MiB. */
export const retentionMiB: readonly number[] = [
  16, 32, 64, 128, 256, 512, 1024, 2048, 3072, 4096, 6144, 8192, 16_384, 32_768, 65_536, 131_072, 262_144, 1_048_576
]

/** The step nearest to a value that may lie between two. */
export function nearestStep(steps: readonly number[], value: number): number {
  let nearest = 0
  steps.forEach((step, index) => {
    if (Math.abs(step - value) < Math.abs((steps[nearest] ?? 0) - value)) nearest = index
  })
  return nearest
}
