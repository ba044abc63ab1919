// npm run typecheck: the types of the whole repository.
import { onProjectNode, root } from './node24.mjs';

if (await onProjectNode()) {
  const { typeErrors } = await import('./types.mjs');
  const errors = await typeErrors(root);
  console.log(errors || 'Every type is right.');
  process.exitCode = errors ? 1 : 0;
}
