// Once a thread of Jest: the sources run as they stand, and a package of the repository is its sources.
import { registerHooks } from 'node:module';
import './swc-hook.mjs';

registerHooks({
  resolve: (specifier, context, next) => next(specifier, { ...context, conditions: ['source', ...context.conditions] }),
});
