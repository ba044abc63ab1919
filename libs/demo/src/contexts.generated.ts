// Written by npm run generate from what stands in the folders; do not edit.
import type { DemoOfContext } from './context-demo.js';

export const DEMOS: readonly DemoOfContext[] = [];
