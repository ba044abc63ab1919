import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { openPlatform, readPlatformConfig } from '@ateneo/service-kit';
import { startGateway } from './api-gateway.module.js';

const platform = openPlatform(readPlatformConfig());
const app = await startGateway(platform, {
  port: platform.config.PORT,
  host: platform.config.HOST,
  portalFolder: fileURLToPath(new URL('../../web-portal/dist', import.meta.url)),
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close().then(() => platform.close()));
