import 'reflect-metadata';
import { runService } from '@ateneo/service-kit';
import { SchoolNetworkModule } from './school-network.module.js';

await runService('school-network', SchoolNetworkModule);
