import { documents } from '../../read-models/src/index.js';
export const held = documents;
