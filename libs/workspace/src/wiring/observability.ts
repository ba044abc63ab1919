import type { ServiceManifest } from './manifest.js';
import { withRegions } from './regions.js';

const FOLDER = 'infra/observability';

/** What Prometheus asks beside docker-compose.yml, and the alert for a service of which no instance answers. */
export function observabilityFiles(services: readonly ServiceManifest[], stored: (file: string) => string): Record<string, () => string> {
  const names = ['api-gateway', ...services.map(({ name }) => name)];
  const filled = (file: string, regions: Readonly<Record<string, string>>) => ({
    [`${FOLDER}/${file}`]: () => withRegions(stored(`${FOLDER}/${file}`), regions),
  });
  return {
    ...filled('prometheus.yml', {
      services: `dns_sd_configs:\n  - { names: [${names.join(', ')}], type: A, port: 3000, refresh_interval: 10s }`,
    }),
    ...filled('alerts.yml', {
      'services that are not there': names.map((name) => `or sum by (service) (absent(up{job="ateneo", service="${name}"}))`).join('\n'),
    }),
  };
}
