import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import svelte from 'eslint-plugin-svelte'
import { defineConfig } from 'eslint/config'
import globals from 'globals'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'
import { layering } from './tools/lint/layers.js'

const tests = ['test/**', '**/*.test.ts', '**/*.spec.ts', 'src/renderer/test-*.ts']

export default defineConfig(
  {
    ignores: [
      'out/',
      'dist/',
      'coverage/',
      'node_modules/',
      '.svelte-check/',
      '.setup/',
      'test-results/',
      'playwright-report/',
      'src/renderer/paraglide/'
    ]
  },
  // A rule is kept or changed here, for all: comments can't switch one off.
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  svelte.configs.recommended,
  prettier,
  svelte.configs.prettier,
  {
    languageOptions: {
      globals: { ...globals.node },
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'], tsconfigRootDir: import.meta.dirname }
    },
    rules: {
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true }
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      complexity: ['error', 12],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      // State classes keep timers and what is replaced as a whole in plain maps and sets, on purpose.
      'svelte/prefer-svelte-reactivity': 'off',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }]
    }
  },
  {
    files: ['src/**'],
    rules: {
      'no-console': 'error',
      // `as const` is always allowed; foreign data goes through a schema instead of a cast
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }]
    }
  },
  {
    files: ['src/**/*.ts', 'src/**/*.svelte'],
    ignores: tests,
    plugins: { routex: layering },
    rules: { 'routex/layers': 'error' }
  },
  { files: ['src/main/headless.ts', 'src/main/cli/**'], rules: { 'no-console': 'off' } },
  {
    files: tests,
    rules: {
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off'
    }
  },
  { files: ['src/renderer/**', 'test/e2e/**'], languageOptions: { globals: { ...globals.browser } } },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } } },
  // The Electron stand-in is plain JavaScript in another process; its behaviour is proved by the tests it carries.
  {
    files: ['test/support/electron/**/*.mjs'],
    extends: [ts.configs.disableTypeChecked],
    rules: { '@typescript-eslint/no-extraneous-class': 'off' }
  }
)
