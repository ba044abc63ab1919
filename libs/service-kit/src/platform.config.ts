import { hostname } from 'node:os';
import { z } from 'zod';
import { address, ConfigurationError, parseEnvironment } from './config.js';

const port = z.coerce
  .number({ error: 'it may hold a port number, 0 to 65535' })
  .int('it may hold a whole number')
  .min(0, 'it may hold a port number, 0 to 65535')
  .max(65_535, 'it may hold a port number, 0 to 65535');

/** Without question and fragment. */
const isBare = (address: string): boolean => !/[?#]/.test(address);

const file = z.string().min(1, 'it may hold the path of a file').optional();

/** What every process reads from its environment (architecture §2). */
export const platformEnvironment = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1, 'it may hold an address to listen on').optional(),
  DATA_DIR: z.string().min(1, 'it may hold a folder').default('.ateneo'),
  SEED: z.enum(['demo', 'empty'], { error: 'it may hold demo or empty' }).optional(),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'it may hold an http or https address' })
    .refine(isBare, 'it may hold an http or https address without ? and #')
    .optional(),
  MASTER_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$|^[A-Za-z0-9+/]{43}=$/, 'it may hold 32 bytes in hexadecimal or base64')
    .optional(),
  SIGNING_KEY: z.string().min(1, 'it may hold an Ed25519 private key as PKCS8, in PEM or base64, or file: and its path').optional(),
  TRUSTED_KEYS: z
    .string()
    .regex(/^file:./, 'it may hold file: and the path of the JSON with the public keys of each process')
    .optional(),
  EVENT_STORE_URL: address(['sqlite:', 'kurrentdb://', 'esdb://', 'bus:'], 'sqlite:'),
  BUS_URL: address(['memory:', 'nats://', 'tls://'], 'memory:'),
  READ_MODELS_URL: address(['sqlite:', 'mongodb://', 'mongodb+srv://'], 'sqlite:'),
  KEYS_URL: address(['sqlite:', 'mongodb://', 'mongodb+srv://'], 'sqlite:'),
  /** Base address of a collector for traces, OTLP over HTTP; without it nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'it may hold an http or https address' }).optional(),
  /** Name of this process among the instances of its service. */
  INSTANCE: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'it may hold up to 64 letters, digits, _ and -')
    .default(
      () =>
        `${hostname()
          .replace(/[^\w-]/g, '-')
          .slice(0, 48)}-${process.pid}`,
    ),
  /** Copies of each event stream on a NATS cluster. */
  STREAM_REPLICAS: z.coerce
    .number({ error: 'it may hold 1, 3 or 5' })
    .refine((value) => [1, 3, 5].includes(value), 'it may hold 1, 3 or 5')
    .default(1),
  NATS_CA_FILE: file,
  NATS_CERT_FILE: file,
  NATS_KEY_FILE: file,
  OIDC_ISSUER: z
    .union([z.literal('embedded'), z.url({ protocol: /^https?$/, error: "it may hold embedded or a realm's address" }).refine(isBare)], {
      error: "it may hold embedded or a realm's address",
    })
    .default('embedded'),
  FILES_URL: address(['file:', 's3://'], 'file:'),
  SMTP_URL: address(['outbox:'], 'outbox:'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], { error: 'it may hold debug, info, warn, error or silent' })
    .default('warn'),
});
export type PlatformConfig = z.output<typeof platformEnvironment>;

/** Throws ConfigurationError naming each variable, what it holds and what it may hold. */
export const readPlatformConfig = (environment: Readonly<Record<string, string | undefined>> = process.env): PlatformConfig =>
  parseEnvironment(platformEnvironment, environment);

export { ConfigurationError };
