import 'reflect-metadata';
import { runService } from '@ateneo/service-kit';
import { IdentityModule } from './identity.module.js';

await runService('identity', IdentityModule);
