import type { Contracts, OperationSnapshot } from './contract-snapshot.js';
import { type Change, schemaChanges } from './schema-changes.js';

export type Breach = {
  /** which rule, e.g. `out-removed`, `event-removed` */ readonly rule: string;
  /** names the event or operation, the field and what happened, in one sentence */ readonly sentence: string;
};

/** Why each change breaks somebody, and what to do instead. */
const REASONS: Readonly<Record<string, string>> = {
  'out-removed': 'consumers read it; keep it, or publish a new version beside this one',
  'out-optional': 'consumers rely on it being there',
  'out-null': 'consumers do not expect null',
  'out-type': 'consumers read it as before',
  'out-value': 'a closed list never grows',
  'in-removed': 'what callers say there would be ignored',
  'in-required': 'callers do not send it; give it a default',
  'in-null': 'callers may send null',
  'in-type': 'callers send it as before',
  'in-value': 'callers may send it',
  'in-narrowed': 'callers may send what is refused now',
};

const told = (what: string, changes: readonly Change[]): Breach[] =>
  changes.map(({ rule, field, says }) => ({
    rule,
    sentence: `${what}: ${field === '' ? 'it' : `the field «${field}»`} ${says}; ${REASONS[rule]}.`,
  }));

function operationBreaches(name: string, then: OperationSnapshot, now: OperationSnapshot): Breach[] {
  const what = `operation ${name}`;
  const moved =
    then.http === now.http
      ? []
      : [{ rule: 'route-changed', sentence: `${what}: was ${then.http} and is ${now.http}; callers use the address.` }];
  const statuses = Object.entries(then.refusals).flatMap(([code, status]) => {
    const today = now.refusals[code];
    if (today === undefined || today === status) return [];
    return [{ rule: 'refusal-changed', sentence: `${what}: the refusal «${code}» was ${status} and is ${today}; callers act on it.` }];
  });
  return [
    ...moved,
    ...statuses,
    ...told(`${what}, input`, schemaChanges(then.input, now.input, 'in')),
    ...told(`${what}, output`, schemaChanges(then.output, now.output, 'out')),
  ];
}

/** What the contracts now would break for consumers of the released ones; nothing where they only gained. */
export function contractBreaches(released: Contracts, current: Contracts): Breach[] {
  const events = Object.entries(released.events).flatMap(([type, then]) => {
    const now = current.events[type];
    if (!now) return [{ rule: 'event-removed', sentence: `event ${type}: is published no more; consumers wait for it.` }];
    return told(`event ${type}`, schemaChanges(then, now, 'out'));
  });
  const operations = Object.entries(released.operations).flatMap(([name, then]) => {
    const now = current.operations[name];
    if (!now) return [{ rule: 'operation-removed', sentence: `operation ${name}: is offered no more; callers use it.` }];
    return operationBreaches(name, then, now);
  });
  return [...told('every event', schemaChanges(released.envelope, current.envelope, 'out')), ...events, ...operations];
}
