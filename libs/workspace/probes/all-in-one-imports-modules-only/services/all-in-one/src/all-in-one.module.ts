import { BModule } from '../../b/src/b.module.js';
import { secret } from '../../b/src/entry/entry.client.js';
export const parts = [BModule, secret];
