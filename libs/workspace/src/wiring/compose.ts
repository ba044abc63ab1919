import type { ServiceManifest } from './manifest.js';
import { withRegions } from './regions.js';

const environmentOf = ({ environment }: ServiceManifest): readonly string[] => {
  const own = Object.entries(environment);
  if (own.length === 0) return ['  environment: *environment'];
  if (own.length === 1) return own.map(([name, value]) => `  environment: { <<: *environment, ${name}: '${value}' }`);
  return ['  environment:', '    <<: *environment', ...own.map(([name, value]) => `    ${name}: '${value}'`)];
};

const block = (service: ServiceManifest): string => {
  const { name, memory, stopSeconds } = service;
  return [
    `${name}:`,
    '  <<: *service',
    `  image: ateneo/${name}`,
    `  build: { context: ., dockerfile: infra/Dockerfile, args: { SERVICE: ${name} } }`,
    ...environmentOf(service),
    '  volumes:',
    `    - { type: volume, source: keys, target: /run/keys, read_only: true, volume: { subpath: ${name} } }`,
    ...(stopSeconds === undefined ? [] : [`  stop_grace_period: ${stopSeconds}s`]),
    ...(memory === undefined
      ? []
      : [`  deploy: { resources: { limits: { cpus: '1', memory: ${memory.limit}M }, reservations: { memory: ${memory.reservation}M } } }`]),
  ].join('\n');
};

/** docker-compose.yml with a container for each service, all of which the gateway waits for. */
export const composeWith = (text: string, services: readonly ServiceManifest[]): string =>
  withRegions(text, {
    services: services.map(block).join('\n\n'),
    'what the gateway waits for': services.map(({ name }) => `${name}: { condition: service_healthy }`).join('\n'),
  });
