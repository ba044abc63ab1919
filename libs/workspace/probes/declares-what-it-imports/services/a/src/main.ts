import { z } from 'zod';
import pino from 'pino';
export const log = pino({ name: z.string().parse('a') });
export const font = import.meta.resolve(`some-font/${log.level}.ttf`);
