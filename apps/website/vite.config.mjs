import { defineConfig } from 'vite';
import { integrity } from './integrity.mjs';

// A build that a test sets off is the same as any other.
process.env.NODE_ENV = 'production';

export default defineConfig({
  base: '/app/',
  // Our libraries are bundled from their sources.
  resolve: { conditions: ['tidemark-source', 'browser', 'module', 'import', 'default'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: ['chrome111', 'firefox114', 'safari16.4'],
    // The content policy lets nothing inline pass.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  plugins: [integrity()],
});
