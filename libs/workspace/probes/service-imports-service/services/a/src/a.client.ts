import type { Secret } from '../../b/src/b.client.js';
export type Stolen = Secret;
