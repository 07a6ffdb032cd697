import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'electron-vite'
import { messages } from './tools/messages.ts'

const root = import.meta.dirname

export default defineConfig({
  main: {
    build: {
      // Dependencies stay external (electron-vite's default): better-sqlite3 is native, and pino breaks when bundled. But
      // zod is taken in: what is used of it is a fraction, and its locales alone would be megabytes of memory.
      externalizeDeps: { exclude: ['zod'] },
      rolldownOptions: {
        // A worker is an entry of its own, so its file has a known place: out/main/log-worker.js.
        input: {
          index: resolve(root, 'src/main/index.ts'),
          headless: resolve(root, 'src/main/headless.ts'),
          'log-worker': resolve(root, 'src/main/storage/log-worker.ts'),
          'token-worker': resolve(root, 'src/main/protocols/token-worker.ts')
        }
      }
    }
  },
  preload: {
    build: {
      externalizeDeps: false, // a sandboxed preload is one file: everything is bundled, only `electron` stays external
      rolldownOptions: {
        input: { index: resolve(root, 'src/preload/index.ts') },
        // "type": "module" would give .mjs, and sandboxed preloads must be CommonJS
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    plugins: [messages(root), tailwindcss(), svelte({ configFile: resolve(root, 'svelte.config.js') })],
    // electron-vite minifies nothing by itself, but headless sends this over a network.
    build: { minify: true, rolldownOptions: { input: resolve(root, 'src/renderer/index.html') } }
  }
})
