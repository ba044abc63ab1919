import { after, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readPlatformConfig } from '@ateneo/service-kit';
import { check, checkerMissing } from '../src/checkers.mjs';
import {
  compose,
  composeOf,
  composeText,
  filesOf,
  MadeSecrets,
  matches,
  root,
  services,
  sorted,
  text,
  variablesIn,
} from './infra-files.js';

/** Read where a process needs it, given to none by docker-compose.yml or the base: each with the reason. */
const NOT_GIVEN = new Set([
  'INSTANCE', // host name and process id; on Kubernetes the pod's name
  'STREAM_REPLICAS', // one node of NATS; 3 in overlays/production
  'NATS_CA_FILE', // certificates: overlays/production
  'NATS_CERT_FILE',
  'NATS_KEY_FILE',
  'WEBHOOKS_ALLOW_PRIVATE', // for tests on one machine
  'HOST', // in the image
  'PORT',
  'DATA_DIR',
]);
/** Read by libraries. */
const OF_LIBRARIES = new Set(['OTEL_EXPORTER_OTLP_ENDPOINT']);

const known = sorted(filesOf('{libs,services}/*/src/*.config.ts').flatMap((file) => matches(/^ {2}([A-Z][A-Z_]+):/gm, text(file))));

const secrets = new MadeSecrets();
after(() => secrets.remove());

describe('docker-compose.yml', () => {
  for (const service of services) {
    test(`${service} runs from the one Dockerfile, read-only, without privileges, within limits [arch:2]`, () => {
      const { image, build, read_only, cap_drop, deploy } = composeOf(service);
      assert.deepEqual([image, build?.dockerfile, build?.args?.SERVICE], [`ateneo/${service}`, 'infra/Dockerfile', service]);
      assert.deepEqual([read_only, cap_drop], [true, ['ALL']]);
      assert.deepEqual(Object.keys(deploy.resources.limits).sort(), ['cpus', 'memory']);
    });
  }

  test('any service can be scaled: no name and no port of its own but the gateway [arch:2]', () => {
    for (const service of services.filter((name) => name !== 'api-gateway')) {
      const { container_name, ports } = composeOf(service);
      assert.deepEqual([container_name, ports], [undefined, undefined], service);
    }
  });

  test('a container waits for the health of what it needs, and what is waited for can tell it [arch:6]', () => {
    for (const [name, { depends_on = {} }] of Object.entries(compose.services))
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        const { healthcheck, build, restart } = composeOf(needed);
        if (condition === 'service_healthy')
          assert.ok(healthcheck ?? build?.args, `${name} waits for ${needed}, which has no health check`);
        else
          assert.ok(
            condition === 'service_completed_successfully' && restart !== 'unless-stopped',
            `${name} waits for the end of ${needed}`,
          );
      }
  });

  test('every container has limits [arch:6]', () => {
    for (const [name, { deploy }] of Object.entries(compose.services)) assert.ok(deploy.resources.limits.memory, name);
  });

  test('only what people use is reached from outside; the servers are on a network without a way out [arch:2]', () => {
    const published = Object.entries(compose.services).filter(([, { ports }]) => ports);
    assert.deepEqual(published.map(([name]) => name).sort(), ['api-gateway', 'keycloak', 'mail']);
    for (const [name, { ports = [] }] of published) for (const port of ports) assert.match(port, /^\$\{\w+:-127\.0\.0\.1:\d+\}:\d+$/, name);
    assert.deepEqual(compose.networks.servers, { internal: true });
  });

  test('a process sees its own secrets and nobody else’s [arch:2]', () => {
    for (const service of services) {
      const mounts = (composeOf(service).volumes ?? []).flatMap((volume) => (typeof volume === 'string' ? [] : [volume]));
      assert.deepEqual(
        mounts.filter(({ source }) => source === 'keys').map(({ volume }) => volume?.subpath),
        [service],
      );
    }
    const whole = Object.entries(compose.services).filter(([, { volumes = [] }]) => volumes.some((volume) => volume === 'keys:/keys'));
    assert.deepEqual(
      whole.map(([name]) => name),
      ['keys'],
    );
  });

  test('.env.example names every variable with the value that stands in for it, and no other [arch:6]', () => {
    const inFile = [...composeText.matchAll(/\$\{(\w+)(?::-([^}]*))?\}/g)].map(([, name = '', value = '']) => [name, value] as const);
    const asNull = Object.entries(composeOf('logbook').environment ?? {}).flatMap(([name, value]) => (value === null ? [name] : []));
    const example = new Map(
      [...text('.env.example').matchAll(/^(?:# )?([A-Z][A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    );
    assert.deepEqual(sorted(example.keys()), sorted([...inFile.map(([name]) => name), ...asNull, 'COMPOSE_PROFILES']));
    for (const [name, value] of inFile) assert.equal(example.get(name), value, name);
  });

  test('is valid to Compose', { skip: checkerMissing('compose-check') }, () => {
    const files = ['docker-compose.yml', 'infra/observability/compose.yml'].map((file) => join(root, file));
    for (const some of [files.slice(0, 1), files]) {
      const { code, said } = check('compose-check', some);
      assert.equal(code, 0, said);
    }
  });
});

describe('the environment of a process', () => {
  const given = (service: string): Record<string, string> => {
    const fixed = Object.entries(composeOf(service).environment ?? {}).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
    const filled = fixed.map(([name, value]) => [name, value?.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')]);
    return { ...(Object.fromEntries(filled) as Record<string, string>), ...variablesIn(secrets.read(service, 'service.env')) };
  };

  for (const service of services) {
    test(`docker-compose.yml gives ${service} what it accepts [arch:2]`, () => {
      const config = readPlatformConfig(given(service));
      assert.deepEqual(
        [config.EVENT_STORE_URL, config.BUS_URL, config.READ_MODELS_URL, config.KEYS_URL, config.FILES_URL].map((url) => url.split(':')[0]),
        ['kurrentdb', 'nats', 'mongodb', 'mongodb', 's3'],
      );
      assert.ok(config.MASTER_KEY && config.SIGNING_KEY && config.TRUSTED_KEYS && config.SEED === 'empty');
    });
  }

  test('nothing is given that no process reads, and nothing is read that is neither given nor explained [arch:2]', () => {
    const all = sorted(
      services.flatMap((service) => [...Object.keys(composeOf(service).environment ?? {}), ...Object.keys(given(service))]),
    );
    assert.deepEqual(
      all.filter((name) => !known.includes(name) && !OF_LIBRARIES.has(name)),
      [],
      'given, but not read',
    );
    assert.deepEqual(
      known.filter((name) => !all.includes(name) && !NOT_GIVEN.has(name)),
      [],
      'read, but not given',
    );
  });

  test('what Kubernetes gives is read [arch:2]', () => {
    const kustomizations = filesOf('infra/kubernetes/**/kustomization.yaml').map(text).join('\n');
    const literals = matches(/^ +- ([A-Z][A-Z_]+)=/gm, kustomizations);
    assert.ok(literals.length > 5);
    assert.deepEqual(
      literals.filter((name) => !known.includes(name) && !OF_LIBRARIES.has(name)),
      [],
    );
  });
});
