// Runs the TypeScript sources directly: decorators and their metadata need a compiler, which Node's own type stripping refuses to be.
// What was compiled is kept below node_modules/.cache by its content, for the next process: a spec loads some 300 files of the repository and 2,000 of npm.
import { hash } from 'node:crypto';
import { enableCompileCache, createRequire, registerHooks } from 'node:module';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';

const require = createRequire(import.meta.url);
const cache = fileURLToPath(new URL('../../../node_modules/.cache/ateneo/', import.meta.url));
const compiled = join(cache, 'compiled');
mkdirSync(compiled, { recursive: true });
enableCompileCache(join(cache, 'bytecode'));

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

/** What every compilation depends on beside its file. */
const compiler = hash('sha1', `${require('@swc/core/package.json').version} ${options}`);

function compile(file) {
  const source = readFileSync(file, 'utf8');
  const kept = join(compiled, `${hash('sha1', `${compiler}${file}\0${source}`)}.js`);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    const { code } = require('@swc/core').transformSync(source, options(file));
    const half = `${kept}.${process.pid}.${threadId}`;
    writeFileSync(half, code);
    renameSync(half, kept);
    return code;
  }
}

/** Jest asks for a spec again under another query. */
const OURS = /\.tsx?(?:\?|$)/;

registerHooks({
  resolve(specifier, context, next) {
    if (/^\.{1,2}\//.test(specifier) && specifier.endsWith('.js') && OURS.test(context.parentURL ?? '')) {
      for (const extension of ['.ts', '.tsx']) {
        const url = new URL(specifier.slice(0, -3) + extension, context.parentURL);
        if (existsSync(fileURLToPath(url))) return { url: url.href, format: 'module', shortCircuit: true };
      }
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (OURS.test(url) && !url.includes('/node_modules/')) {
      return { format: 'module', shortCircuit: true, source: compile(fileURLToPath(url)) };
    }
    return next(url, context);
  },
});
