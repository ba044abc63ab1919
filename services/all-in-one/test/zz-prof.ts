import { csv, type Row, World } from './import-world.js';
import { Session } from 'node:inspector/promises';
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
const world = await World.open();
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const rows = Array.from({ length: 20_000 }, (_, i): Row => ({ external_id: `many-${i}`, state: 'submitted', performed_on: day(-30 - (i % 300)) }));
const text = csv(rows);
const h = monitorEventLoopDelay({ resolution: 1 }); h.enable();

let t = performance.now(); let c = process.cpuUsage();
const { importId } = await world.check(text);
console.log('check', performance.now() - t, process.cpuUsage(c).user / 1000, 'p999', h.percentile(99.9) / 1e6, h.max / 1e6); h.reset(); t = performance.now(); c = process.cpuUsage();
await world.confirm(importId);
console.log('store', performance.now() - t, process.cpuUsage(c).user / 1000, 'p999', h.percentile(99.9) / 1e6, h.max / 1e6);
await world.close();
