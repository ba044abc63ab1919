import assert from 'node:assert/strict';
import { test } from 'node:test';
import { careerService } from '@ateneo/career';
import { CONSUMES, identity, OPERATIONS } from '@ateneo/contracts';
import { identityService } from '@ateneo/identity';
import { logbookService } from '@ateneo/logbook';
import { reportingService } from '@ateneo/reporting';
import { schoolNetworkService } from '@ateneo/school-network';
import type { ServiceDefinition } from '@ateneo/service-kit';

/** Services whose public events a service's projections fold; who lists names also follows people. */
function followed({ name, projections }: ServiceDefinition): string[] {
  const types = projections.flatMap((source) => (typeof source === 'function' ? source() : source).public ?? []);
  const listsNames = (identity.NAME_HOLDERS as readonly string[]).includes(name);
  const services = new Set([...types.map((type) => type.slice(0, type.indexOf('.'))), ...(listsNames ? ['identity'] : [])]);
  return [...services].filter((service) => service !== name).sort();
}

for (const definition of [identityService, schoolNetworkService, careerService, logbookService, reportingService])
  test(`${definition.name} follows the services that the contracts say, no others [issue4:2]`, () =>
    assert.deepEqual(followed(definition), [...CONSUMES[definition.name as keyof typeof CONSUMES]].sort()));

test('every context says whose events it follows [issue4:2]', () =>
  assert.deepEqual(Object.keys(CONSUMES).sort(), [...new Set(OPERATIONS.map(({ name }) => name.slice(0, name.indexOf('.'))))].sort()));
