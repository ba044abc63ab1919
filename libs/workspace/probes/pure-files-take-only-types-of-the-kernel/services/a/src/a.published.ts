import { bus } from '../../../libs/messaging/src/index.js';
export const mapping = () => bus;
