import 'reflect-metadata';
import { runAllInOne } from './all-in-one.module.js';

await runAllInOne();
