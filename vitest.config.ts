import { readFileSync } from 'node:fs'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import tailwindcss from '@tailwindcss/vite'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumLaunchOptions } from './test/support/chromium.ts'
import { messages } from './tools/messages.ts'

// Builds the log worker; each project that starts one names it.
const globalSetup = './test/support/log-worker.ts'

/** What the page imports, named here because Vite would reload a test's page when it comes upon one of them. */
const pagePackages = [
  'bits-ui',
  'uplot',
  'virtua/svelte',
  ...Array.from(
    readFileSync('src/renderer/components/icons.ts', 'utf8').matchAll(/'(@lucide\/[^']+)'/g),
    ([, name = '']) => name
  )
]

export default defineConfig({
  test: {
    // One worker is the default on two cores, and leaves one of them idle.
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['src/main/**/*.ts'],
      // The Electron shell runs in a process of its own; the shell tests prove it on the built bundles.
      exclude: ['src/main/**/*.test.ts', 'src/main/electron/**', 'src/main/desktop.ts', 'src/main/index.ts'],
      reporter: ['text-summary', 'json-summary', 'html'],
      thresholds: { lines: 85, branches: 80 }
    },
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'scripts/**/*.test.ts',
            'tools/**/*.test.ts',
            'bench/**/*.test.ts',
            'test/unit/**/*.test.ts'
          ],
          exclude: ['src/renderer/**'],
          globalSetup,
          environment: 'node',
          // Some write 100,000 rows, on a machine that has other work too.
          testTimeout: 15_000,
          // Half of the time went on loading the same modules for each of 286 files. What a test changes, it puts back.
          isolate: false
        }
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup,
          environment: 'node',
          testTimeout: 15_000,
          expect: { poll: { interval: 10 } },
          // Each test starts a gateway of its own and stops it, so nothing is left that a module could keep.
          isolate: false
        }
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup,
          environment: 'node',
          testTimeout: 30_000,
          isolate: false
        }
      },
      {
        test: {
          name: 'shell',
          include: ['test/e2e/shell/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          // Starts the app, or packs it.
          hookTimeout: 120_000,
          fileParallelism: false,
          expect: { poll: { timeout: 10_000 } }
        }
      },
      {
        plugins: [messages(import.meta.dirname), tailwindcss(), svelte()],
        optimizeDeps: { include: pagePackages },
        test: {
          name: 'component',
          include: ['src/renderer/**/*.test.ts'],
          setupFiles: ['src/renderer/test-setup.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumLaunchOptions }),
            instances: [{ browser: 'chromium', viewport: { width: 1280, height: 800 } }]
          }
        }
      }
    ]
  }
})
