import purgecss from '@fullhuman/postcss-purgecss';
import react from '@vitejs/plugin-react';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin as PostcssPlugin } from 'postcss';
import { defineConfig, type Plugin } from 'vite';

/** What the portal takes from Bootstrap Italia beside its tokens: the resets of the elements and the hidden text. */
const usedOfBootstrapItalia = `<html><body><main><h1></h1><h2></h2><h3></h3><h4></h4><p></p><a></a><ul></ul><ol></ol><li></li><dl></dl><dt></dt><dd></dd>
<strong></strong><b></b><small></small><table></table><caption></caption><thead></thead><tbody></tbody><tr></tr><th></th><td></td><label></label><button></button>
<figure></figure><svg></svg><fieldset></fieldset><legend></legend><summary></summary><details></details><b class="visually-hidden"></b></main></body></html>`;

const purge = purgecss({
  content: [{ raw: usedOfBootstrapItalia, extension: 'html' }],
  variables: true,
  fontFace: true,
  safelist: [':root'],
}) as PostcssPlugin;
const purgeBootstrapItalia: PostcssPlugin = {
  postcssPlugin: 'purge-bootstrap-italia',
  OnceExit: (root, helpers) => (root.source?.input.file?.includes('bootstrap-italia') ? purge.OnceExit?.(root, helpers) : undefined),
};

/** Writes a Brotli and a gzip twin beside each text file, for servers that send them as they are. */
const compressedTwins: Plugin = {
  name: 'compressed-twins',
  apply: 'build',
  writeBundle({ dir = '' }) {
    for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(js|css|html|svg)$/.test(name))) {
      const bytes = readFileSync(join(dir, file));
      writeFileSync(join(dir, `${file}.br`), brotliCompressSync(bytes));
      writeFileSync(join(dir, `${file}.gz`), gzipSync(bytes));
    }
  },
};

export default defineConfig({
  plugins: [react(), compressedTwins],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  css: { postcss: { plugins: [purgeBootstrapItalia] } },
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    outDir: 'dist',
    emptyOutDir: true,
  },
});
