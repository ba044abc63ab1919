import { isIP } from 'node:net';
import { z } from 'zod';
import { parseEnvironment } from '@ateneo/service-kit';

const NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

function isProxy(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  if (NETWORKS.includes(text)) return true;
  const version = isIP(address);
  return (
    version !== 0 &&
    more.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128)))
  );
}

const gatewayEnvironment = z.object({
  TRUSTED_PROXIES: z
    .string()
    .optional()
    .transform((value) => value?.split(',').map((address) => address.trim()))
    .refine(
      (value) => value?.every(isProxy) ?? true,
      'it may hold addresses and networks (10.0.0.0/8), or loopback, linklocal, uniquelocal, by comma',
    ),
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
