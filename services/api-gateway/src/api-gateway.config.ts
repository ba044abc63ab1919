import { z } from 'zod';
import { parseEnvironment } from '@ateneo/service-kit';

const gatewayEnvironment = z.object({
  TRUSTED_PROXIES: z
    .string()
    .optional()
    .transform((value) => value?.split(',').map((address) => address.trim())),
  REQUEST_TIMEOUT_MS: z.coerce.number({ error: 'it may hold a number of milliseconds' }).int().min(100).default(60_000),
  WEBHOOKS_ALLOW_PRIVATE: z
    .enum(['true', 'false'], { error: 'it may hold true or false' })
    .default('false')
    .transform((value) => value === 'true'),
});
export type GatewayConfig = z.output<typeof gatewayEnvironment>;

/** What the gateway alone reads from its environment. Throws ConfigurationError. */
export const readGatewayConfig = (environment: Readonly<Record<string, string | undefined>> = process.env): GatewayConfig =>
  parseEnvironment(gatewayEnvironment, environment);
