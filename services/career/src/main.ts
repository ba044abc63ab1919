import 'reflect-metadata';
import { runService } from '@ateneo/service-kit';
import { CareerModule } from './career.module.js';

await runService('career', CareerModule);
