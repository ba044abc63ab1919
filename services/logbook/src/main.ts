import 'reflect-metadata';
import { runService } from '@ateneo/service-kit';
import { LogbookModule } from './logbook.module.js';

await runService('logbook', LogbookModule);
