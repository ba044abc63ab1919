import { after, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { check, checkerMissing } from '../src/checkers.mjs';
import { serviceManifests } from '../src/wiring/manifest.js';
import { composeOf, filesOf, MadeSecrets, root, services, sorted, text } from './infra-files.js';

type Manifest = { readonly kind: string; readonly metadata: { readonly name: string } };
type Workload = Manifest & { readonly spec: { readonly template: { readonly spec: PodSpec } } };
type PodSpec = {
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext?: { readonly runAsNonRoot?: boolean };
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
};
type Container = {
  readonly image: string;
  readonly resources?: { readonly limits?: { readonly memory?: string } };
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly capabilities?: { readonly drop: readonly string[] };
  };
};

const secrets = new MadeSecrets();
after(() => secrets.remove());

const containersOf = ({ initContainers = [], containers }: PodSpec): readonly Container[] => [...initContainers, ...containers];

const manifests = filesOf('infra/kubernetes/base/*.yaml').flatMap((file) =>
  parseAllDocuments(text(file)).map((document) => document.toJS() as Manifest),
);
const named = (kind: string): string[] => manifests.filter((manifest) => manifest.kind === kind).map(({ metadata }) => metadata.name);

describe('infra/Dockerfile', () => {
  test('runs without privileges, on the port and with the health that all others name [arch:6]', () => {
    const file = text('infra/Dockerfile');
    assert.match(file, /^USER 65532:65532$/m);
    assert.match(file, /HOST=0\.0\.0\.0 PORT=3000 DATA_DIR=\/data/);
    assert.match(file, /HEALTHCHECK[\s\S]*\/health\/ready/);
    const server = text('libs/service-kit/src/process-server.ts');
    const gateway = filesOf('services/api-gateway/src/**/*.ts').map(text).join('\n');
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      assert.ok(server.includes(`'${path}'`), `${path} of a service`);
      assert.ok(gateway.includes(path) || gateway.includes(path.split('/').at(-1)!), `${path} of the gateway`);
    }
    assert.match(text('infra/kubernetes/base/service.patch.yaml'), /containerPort: 3000[\s\S]*\/health\/live[\s\S]*\/health\/ready/);
    assert.match(text('infra/observability/prometheus.yml'), /port: 3000/);
  });

  test('is clean to hadolint', { skip: checkerMissing('hadolint') }, () => {
    const { code, said } = check('hadolint', [join(root, 'infra/Dockerfile')]);
    assert.equal(code, 0, said);
  });
});

describe('infra/kubernetes', () => {
  test('every service has a deployment, a disruption budget and its image, and nothing else has [arch:2]', () => {
    assert.deepEqual(sorted(named('Deployment').filter((name) => services.includes(name))), sorted(services));
    assert.deepEqual(sorted(named('PodDisruptionBudget')), sorted(services));
    for (const service of services) assert.ok(text(`infra/kubernetes/base/${service}.yaml`).includes(`image: ateneo/${service}\n`));
    const scraped = text('infra/observability/prometheus.yml');
    for (const service of services) assert.ok(scraped.includes(service), `Prometheus does not ask ${service}`);
  });

  const secretsOfDemo = join(root, 'infra/kubernetes/overlays/demo/secrets');
  const built = (overlay: string): string => {
    if (overlay === 'production') return check('kustomize', ['build', join(root, 'infra/kubernetes/overlays/production')]).out;
    const copy = mkdtempSync(join(tmpdir(), 'ateneo-kustomize-'));
    try {
      cpSync(join(root, 'infra'), copy, { recursive: true, filter: (source) => source !== secretsOfDemo });
      cpSync(secrets.folder, join(copy, 'kubernetes/overlays/demo/secrets'), { recursive: true });
      return check('kustomize', ['build', join(copy, 'kubernetes/overlays/demo')]).out;
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  };

  for (const overlay of ['demo', 'production']) {
    test(`the overlay ${overlay} is valid to Kubernetes`, { skip: checkerMissing('kustomize', 'kubernetes-validate') }, () => {
      const whole = built(overlay);
      assert.ok(whole.length > 10_000, 'kustomize built nothing');
      const file = join(secrets.folder, `${overlay}.yaml`);
      writeFileSync(file, whole);
      // KEDA's own resource is no part of Kubernetes: a warning
      const { code, said } = check('kubernetes-validate', ['--strict', '--no-warn', file]);
      assert.equal(code, 0, said);
    });

    test(
      `in ${overlay} nothing runs as root, with privileges, with a token or without limits [arch:6]`,
      { skip: checkerMissing('kustomize') },
      () => {
        const workloads = parseAllDocuments(built(overlay))
          .map((document) => document.toJS() as Workload)
          .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind));
        assert.ok(workloads.length >= services.length);
        for (const { metadata, spec } of workloads) {
          const pod = spec.template.spec;
          assert.equal(pod.automountServiceAccountToken, false, metadata.name);
          assert.equal(pod.securityContext?.runAsNonRoot, true, metadata.name);
          for (const { resources, securityContext } of containersOf(pod)) {
            assert.ok(resources?.limits?.memory, metadata.name);
            assert.deepEqual(
              [securityContext?.allowPrivilegeEscalation, securityContext?.capabilities?.drop],
              [false, ['ALL']],
              metadata.name,
            );
          }
        }
      },
    );
  }

  const workloadsOf = (overlay: string): Workload[] =>
    parseAllDocuments(built(overlay))
      .map((document) => document.toJS() as Workload)
      .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind));

  test('what names keys and files that change can be changed itself: no Job, whose template cannot [rev:dist-B7]', () => {
    const all = filesOf('infra/kubernetes/**/*.yaml').flatMap((file) => parseAllDocuments(text(file)).map((one) => one.toJS() as Manifest));
    assert.ok(all.length > 20);
    assert.deepEqual(
      all.filter((one) => one?.kind === 'Job').map(({ metadata }) => metadata.name),
      [],
    );
  });

  for (const overlay of ['demo', 'production'])
    test(`${overlay} says of every image which one it is [rev:dist-B7]`, { skip: checkerMissing('kustomize') }, () => {
      const images = workloadsOf(overlay).flatMap(({ spec }) => containersOf(spec.template.spec).map(({ image }) => image));
      assert.ok(images.length > services.length - 1);
      assert.deepEqual(
        images.filter((image) => !/:[\w.-]+$/.test(image)),
        [],
      );
    });

  test('every server of the demo is addressed by somebody [rev:dist-B7]', () => {
    secrets.make('--realm', 'demo');
    const said = [
      ...services.map((service) => secrets.read(service, 'service.env')),
      secrets.read('keycloak', 'ateneo-realm.json'),
      text('infra/kubernetes/overlays/demo/kustomization.yaml'),
    ].join('\n');
    const servers = filesOf('infra/kubernetes/overlays/demo/*.yaml')
      .flatMap((file) => parseAllDocuments(text(file)).map((one) => one.toJS() as Manifest))
      .filter((one) => one?.kind === 'Service')
      .map(({ metadata }) => metadata.name);
    assert.ok(servers.length >= 5);
    const unaddressed = servers.filter((name) => !new RegExp(`(//|@|"host": ")${name}(\\.localhost)?[:"/]`).test(said));
    assert.deepEqual(unaddressed, []);
  });

  test('a service may use half as much memory again as was measured, in compose and on Kubernetes [rev:dist-B7]', () => {
    const patches = parseAllDocuments(text('infra/kubernetes/base/memory.patch.yaml')).map((one) => one.toJS() as Workload);
    const measured = serviceManifests(root).flatMap(({ name, memory }) => (memory ? [{ name, ...memory }] : []));
    assert.ok(measured.some(({ name }) => name === 'logbook'));
    for (const { name, measured: used, limit } of measured) {
      assert.ok(limit >= 1.5 * used, name);
      const patch = patches.find(({ metadata }) => metadata.name === name);
      assert.equal(patch?.spec.template.spec.containers[0]?.resources?.limits?.memory, `${limit}Mi`, name);
      assert.equal(composeOf(name).deploy.resources.limits.memory, `${limit}M`, name);
    }
  });

  test('MongoDB is found ready only once it hears the network, not while it makes its first user [rev:dist-B7]', () => {
    const [, command = ''] = /^ {2}mongodb:\n[\s\S]*?\n {6}test: \[(.*)\]$/m.exec(text('docker-compose.yml')) ?? [];
    assert.match(command, /--host, mongodb,/);
    assert.match(text('infra/kubernetes/overlays/demo/mongodb.yaml'), /readinessProbe: \{ tcpSocket: \{ port: mongodb \} \}/);
  });
});
