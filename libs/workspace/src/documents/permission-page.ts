import { ROLES, type Grant, type Operation } from '@ateneo/contracts';
import { permissionText } from '@ateneo/contracts/permission-text';

const SHORT: Readonly<Record<Grant['relation'], string>> = {
  self: 'self',
  'my-trainee-on-date': 'trainee',
  'my-school': 'school',
  tenant: 'all',
};
const contextOf = ({ name }: Operation): string => name.slice(0, name.indexOf('.'));

function cell({ permission }: Operation, role: string): string {
  if (!('anyOf' in permission)) return permission.relation === 'public' ? 'public' : '';
  return permission.anyOf
    .filter((grant) => (grant.roles as readonly string[]).includes(role))
    .map((grant) => SHORT[grant.relation])
    .join(', ');
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function contextTable(operations: readonly Operation[]): string {
  const head = [row(['operation', ...ROLES, 'in words']), row(['---', ...ROLES.map(() => '---'), '---'])];
  return [
    ...head,
    ...operations.map((operation) =>
      row([`\`${operation.name}\``, ...ROLES.map((role) => cell(operation, role)), permissionText(operation.permission)]),
    ),
  ].join('\n');
}

/** Who may do what: every operation by role, with the relation that must hold. */
export function permissionPage(operations: readonly Operation[]): string {
  const contexts = [...new Set(operations.map(contextOf))];
  const tables = contexts.map(
    (context) => `## ${context}\n\n${contextTable(operations.filter((operation) => contextOf(operation) === context))}\n`,
  );
  const legend =
    'A cell names the relation that must hold: `self` the person concerned, `trainee` a trainee assigned on the date of the act, `school` a profile in that school, `all` a profile for the whole university. An empty cell: never.';
  return `# Permissions\n\nDerived from the contracts by \`npm run generate\`.\n\n${legend}\n\n${tables.join('\n')}`;
}
