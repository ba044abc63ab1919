// Runs the TypeScript sources directly: decorators and their metadata need a compiler, which Node's own type stripping refuses to be.
import { registerHooks } from 'node:module';
import { readFileSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const options = (filename) => ({
  filename,
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2023',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true, tsx: filename.endsWith('.tsx') },
    transform: { legacyDecorator: true, decoratorMetadata: true, react: { runtime: 'automatic' } },
  },
});

registerHooks({
  resolve(specifier, context, next) {
    if (/^\.{1,2}\//.test(specifier) && specifier.endsWith('.js') && /\.tsx?$/.test(context.parentURL ?? '')) {
      for (const extension of ['.ts', '.tsx']) {
        const url = new URL(specifier.slice(0, -3) + extension, context.parentURL);
        if (existsSync(fileURLToPath(url))) return { url: url.href, format: 'module', shortCircuit: true };
      }
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (/\.tsx?$/.test(url) && !url.includes('/node_modules/')) {
      const file = fileURLToPath(url);
      return { format: 'module', shortCircuit: true, source: transformSync(readFileSync(file, 'utf8'), options(file)).code };
    }
    return next(url, context);
  },
});
