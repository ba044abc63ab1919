import { writeFileSync } from 'node:fs';
import { lockDataFolder } from '../src/sqlite/data-folder-lock.js';

const folder = process.argv[2] ?? '';
lockDataFolder(folder);
writeFileSync(`${folder}/held`, '');
setInterval(() => undefined, 1_000);
