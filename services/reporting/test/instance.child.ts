import 'reflect-metadata';
import { openPlatform, readPlatformConfig } from '@ateneo/service-kit';
import { startReporting } from '../src/reporting.module.js';

await startReporting(await openPlatform(readPlatformConfig(), { service: 'reporting' }));
process.stdout.write('started\n');
