import {defineConfig} from 'vitest/config';

// `npm run dev` shows the page beside a service on its usual port.
export default defineConfig({
  esbuild: {jsx: 'automatic', jsxImportSource: 'preact'},
  build: {
    target: 'es2022',
    // What is inlined as a data: address the page's Content-Security-Policy would have to allow.
    assetsInlineLimit: 0,
    modulePreload: {polyfill: false},
  },
  server: {proxy: {'/v1': 'http://127.0.0.1:8080'}},
  // Few tests need a document: those say so in their first line.
  test: {pool: 'threads', poolOptions: {threads: {singleThread: true}}, include: ['test/**/*_test.{ts,tsx}'], setupFiles: ['test/setup.ts']},
});
