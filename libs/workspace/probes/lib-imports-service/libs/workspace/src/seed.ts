import { BModule } from '../../../services/b/src/b.module.js';
export const part = BModule;
