export type { z } from 'zod';
