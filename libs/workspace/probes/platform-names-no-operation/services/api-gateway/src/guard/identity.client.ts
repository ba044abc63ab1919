import { identity } from '../../../../libs/contracts/src/index.js';

export const asked = identity;
