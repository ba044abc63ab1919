import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeWith } from './compose.js';
import { kubernetesFiles } from './kubernetes.js';
import { serviceManifests } from './manifest.js';
import { observabilityFiles } from './observability.js';
import { typescriptFiles } from './typescript.js';

const COMPOSE = 'docker-compose.yml';

/** Every file that lists the services, by its path from the root; the parts written by hand are those that stand there. */
export function wiredFiles(root: string): Record<string, () => string> {
  const services = serviceManifests(root);
  const stored = (file: string): string => readFileSync(join(root, file), 'utf8');
  return {
    [COMPOSE]: () => composeWith(stored(COMPOSE), services),
    ...kubernetesFiles(services, stored),
    ...observabilityFiles(services, stored),
    ...typescriptFiles(services, root),
  };
}
