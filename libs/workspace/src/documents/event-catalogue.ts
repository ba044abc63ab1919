import { z } from 'zod';
import type { PublicEventSpec } from '@ateneo/contracts';

type Property = {
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Property[];
  oneOf?: Property[];
  items?: Property;
  $ref?: string;
};

function typeText(property: Property): string {
  const choices = property.anyOf ?? property.oneOf;
  if (choices) return [...new Set(choices.map(typeText))].join(' or ');
  if (property.enum) return property.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (property.const !== undefined) return `\`${String(property.const)}\``;
  if (property.type === 'array') return `list of ${typeText(property.items ?? {})}`;
  return property.format ?? (Array.isArray(property.type) ? property.type.join(' or ') : (property.type ?? 'object'));
}

type Readers = ReadonlyMap<string, readonly string[]>;

function eventSection({ type, summary, data, example, ofDraft }: PublicEventSpec, readers: Readers): string {
  const schema = z.toJSONSchema(data, { io: 'output' }) as { properties?: Record<string, Property>; required?: string[] };
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, property]) => `| \`${name}\` | ${typeText(property)} | ${schema.required?.includes(name) ? '' : 'optional'} |`,
  );
  const table = ['| field | type | |', '| --- | --- | --- |', ...fields].join('\n');
  const read = readers.has(type) ? `Read by ${readers.get(type)?.join(', ')}.` : 'Read by no other service.';
  const seen = ofDraft ? ' In the feed people see it of themselves alone, service accounts as any other.' : '';
  return `### ${type}\n\n${summary}. ${read}${seen}\n\n${table}\n\n\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\`\n`;
}

const contextOf = ({ type }: PublicEventSpec): string => type.slice(0, type.indexOf('.'));

/** Every public event with its fields, who reads it and an example. */
export function eventCatalogue(events: readonly PublicEventSpec[], readers: Readers): string {
  const contexts = [...new Set(events.map(contextOf))];
  const sections = contexts.map(
    (context) =>
      `## ${context}\n\n${events
        .filter((event) => contextOf(event) === context)
        .map((event) => eventSection(event, readers))
        .join('\n')}`,
  );
  const intro =
    'Derived by `npm run generate` from the contracts, and from the handlers of the services who reads what. On the bus an event travels as `<context>.event.<noun-participle>.v<n>.p<00-63>`; when it happened and who acted stand in its CloudEvents attributes, never in its data.';
  return `# Public events\n\n${intro}\n\n${sections.join('\n')}`;
}
