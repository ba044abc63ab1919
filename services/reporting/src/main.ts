import 'reflect-metadata';
import { runService } from '@ateneo/service-kit';
import { ReportingModule } from './reporting.module.js';

await runService('reporting', ReportingModule);
