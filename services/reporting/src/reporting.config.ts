import { parseEnvironment } from '@ateneo/service-kit';
import { z } from 'zod';

const environment = z.object({
  /** How months are counted at this university (counting.md 9). */
  DURATION_MONTHS: z.enum(['calendar', 'proportional'], { error: 'it may hold calendar or proportional' }).default('calendar'),
});
export type ReportingConfig = { readonly months: 'calendar' | 'proportional' };
export const readReportingConfig = (from: Readonly<Record<string, string | undefined>> = process.env): ReportingConfig => ({
  months: parseEnvironment(environment, from).DURATION_MONTHS,
});
export const REPORTING_CONFIG = Symbol('REPORTING_CONFIG');
