// Loaded before every spec that Node's runner runs. With --test-force-exit the runner ends the process while what it tells is still on its way through the
// reporter: under load up to all but the first tests of a file were never heard of. So the end comes a moment later, when everything is written.
import { isMainThread } from 'node:worker_threads';

const exit = process.exit.bind(process);
const TOLD_MS = 500;

// not in the threads and processes that the spec begins, which inherit the flags
if (isMainThread && /\.spec\.tsx?$/.test(process.argv[1] ?? ''))
  process.exit = (code) => {
    setTimeout(() => process.stdout.write('', () => exit(code)), TOLD_MS);
  };
