import 'reflect-metadata';
import { runService } from '@ateneo/service-kit';
import { {{Context}}Module } from './{{context}}.module.js';

await runService('{{context}}', {{Context}}Module);
