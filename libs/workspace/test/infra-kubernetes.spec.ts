import { after, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { check, checkerMissing } from '../src/checkers.mjs';
import { filesOf, MadeSecrets, root, services, sorted, text } from './infra-files.js';

type Manifest = { readonly kind: string; readonly metadata: { readonly name: string } };
type Workload = Manifest & { readonly spec: { readonly template: { readonly spec: PodSpec } } };
type PodSpec = {
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext?: { readonly runAsNonRoot?: boolean };
  readonly containers: readonly {
    readonly resources?: { readonly limits?: { readonly memory?: string } };
    readonly securityContext?: {
      readonly allowPrivilegeEscalation?: boolean;
      readonly capabilities?: { readonly drop: readonly string[] };
    };
  }[];
};

const secrets = new MadeSecrets();
after(() => secrets.remove());

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
          for (const { resources, securityContext } of pod.containers) {
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
});
