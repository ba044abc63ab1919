import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { runProcess } from '@ateneo/service-kit';
import { startGateway } from './api-gateway.module.js';

const portalFolder = fileURLToPath(new URL('../../web-portal/dist', import.meta.url));
await runProcess(
  'api-gateway',
  (platform) => startGateway(platform, { port: platform.config.PORT, host: platform.config.HOST, portalFolder }),
  { ownServer: true },
);
