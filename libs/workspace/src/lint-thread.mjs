// A thread of `codeFindings`: the whole repository through ESLint; answers its findings in one message.
import { parentPort } from 'node:worker_threads';
import { lintTree } from './lint-tree.mjs';
import { root } from './node24.mjs';

parentPort.postMessage(await lintTree(root));
