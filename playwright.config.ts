import { defineConfig } from '@playwright/test'
import { chromiumLaunchOptions } from './test/support/chromium.ts'

/**
 * The page in a real Chromium, on headless Routexes on port 0. What is dear to make is made once for each worker
 * (test/e2e/support/fixtures.ts).
 */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  // A first paint within 300 ms needs a moment of quiet. A second failure still fails, and the list says "flaky".
  retries: 1,
  // A page and a program share the machine with whatever else runs; each wait inside has its own limit.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  use: { viewport: { width: 1280, height: 800 }, launchOptions: chromiumLaunchOptions }
})
