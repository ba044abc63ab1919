import type { ServiceManifest } from './manifest.js';
import { withRegions } from './regions.js';

const BASE = 'infra/kubernetes/base';
const OVERLAYS = 'infra/kubernetes/overlays';
const GATEWAY = 'api-gateway';
const HEAD = '# Written by npm run generate from services/*/service.json; do not edit.\n';

const deployment = (name: string): string => `${HEAD}apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: { app.kubernetes.io/name: ${name} }
spec:
  selector:
    matchLabels: { app.kubernetes.io/name: ${name} }
  template:
    metadata:
      labels: { app.kubernetes.io/name: ${name} }
    spec:
      containers:
        - name: service
          image: ateneo/${name}
          envFrom:
            - configMapRef: { name: ateneo }
            - secretRef: { name: ateneo-${name} }
`;

const memoryPatch = ({ name, memory }: ServiceManifest): string[] =>
  memory === undefined
    ? []
    : [
        `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  template:
    spec:
      containers:
        - name: service
          resources:
            requests: { memory: ${memory.reservation}Mi }
            limits: { memory: ${memory.limit}Mi }
`,
      ];

const disruptionBudget = (name: string): string => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${name}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: { app.kubernetes.io/name: ${name} }
`;

const tlsPatch = (name: string): string => `- target: { kind: Deployment, name: ${name} }
  patch: |-
    - op: add
      path: /spec/template/spec/volumes/-
      value: { name: tls, secret: { secretName: ateneo-tls-${name}, defaultMode: 0440 } }
    - op: add
      path: /spec/template/spec/containers/0/volumeMounts/-
      value: { name: tls, mountPath: /run/tls, readOnly: true }`;

const counted = (services: readonly ServiceManifest[]) =>
  services.flatMap(({ name, instances }) => (instances === 'by-lag' ? [] : [{ name, instances }]));

/** The manifests that list services, by their path; `stored` answers what stands there. */
export function kubernetesFiles(services: readonly ServiceManifest[], stored: (file: string) => string): Record<string, () => string> {
  const names = services.map(({ name }) => name);
  const everybody = [...names, GATEWAY];
  const filled = (file: string, regions: Readonly<Record<string, string>>) => ({ [file]: () => withRegions(stored(file), regions) });
  return {
    ...Object.fromEntries(names.map((name) => [`${BASE}/${name}.yaml`, () => deployment(name)])),
    [`${BASE}/disruption-budgets.yaml`]: () => HEAD + everybody.map(disruptionBudget).join('---\n'),
    [`${BASE}/memory.patch.yaml`]: () => HEAD + services.flatMap(memoryPatch).join('---\n'),
    ...filled(`${BASE}/kustomization.yaml`, { services: names.map((name) => `- ${name}.yaml`).join('\n') }),
    ...filled(`${OVERLAYS}/demo/kustomization.yaml`, {
      images: everybody.map((name) => `- { name: ateneo/${name}, newTag: latest }`).join('\n'),
      'secrets of the services': everybody.map((name) => `- name: ateneo-${name}\n  envs: [secrets/${name}/service.env]`).join('\n'),
    }),
    ...filled(`${OVERLAYS}/production/kustomization.yaml`, {
      images: everybody
        .map((name) => `- { name: ateneo/${name}, newName: registry.ateneo.example/ateneo/${name}, newTag: 1.0.0 }`)
        .join('\n'),
      instances: counted(services)
        .map(({ name, instances }) => `- { name: ${name}, count: ${instances} }`)
        .join('\n'),
      'certificates of the services': everybody.map(tlsPatch).join('\n'),
    }),
  };
}
