// Written by npm run generate from what stands in the folders; do not edit.
import type { Feature } from './shell/feature.js';

export const FEATURES: readonly Feature[] = [];
