import 'reflect-metadata';
import { commandLineEnvironment } from './ateneo.config.js';
import { runCommandLine } from './cli/command-line.js';

process.exitCode = await runCommandLine(process.argv.slice(2), {
  environment: commandLineEnvironment,
  say: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
});
