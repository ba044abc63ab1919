import { start } from '../../../libs/service-kit/src/index.js';
export const page = start;
