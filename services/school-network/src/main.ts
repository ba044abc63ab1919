import 'reflect-metadata';
import { openPlatform, readPlatformConfig } from '@ateneo/service-kit';
import { startSchoolNetwork } from './school-network.module.js';

const platform = openPlatform(readPlatformConfig());
const app = await startSchoolNetwork(platform);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close().then(() => platform.close()));
