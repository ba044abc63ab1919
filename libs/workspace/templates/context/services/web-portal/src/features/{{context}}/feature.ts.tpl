import type { Feature } from '../../shell/feature.js';

export const feature: Feature = {
  routes: [{ path: '/{{context}}', lazy: () => import('./{{thing-name}}-list.js') }],
  places: () => [{ to: '/{{context}}', label: 'nav.{{context}}', icon: 'document' }],
};
