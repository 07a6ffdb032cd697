import { defineConfig } from '@playwright/test'
import { chromiumLaunchOptions } from './test/support/chromium.ts'

/** The page in a real Chromium. Each spec starts its own headless Routex on port 0 (test/support). */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  fullyParallel: true,
  // Each test has a program and a data folder of its own.
  workers: 2,
  // A page and a program share the machine with whatever else runs; each wait inside has its own limit.
  timeout: 90_000,
  forbidOnly: true,
  use: { viewport: { width: 1280, height: 800 }, launchOptions: chromiumLaunchOptions }
})
