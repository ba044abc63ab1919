import type { Grant, Permission } from './contract.js';

const WHERE: Readonly<Record<Grant['relation'], (of: string | undefined) => string>> = {
  self: (of) => (of ? `who is the person of \`${of}\`` : 'for themselves'),
  'my-trainee-on-date': (of) => (of ? `assigned to the trainee of \`${of}\` on the date of the act` : 'for their own trainees'),
  'my-school': (of) => (of ? `in the school of \`${of}\`` : 'for their own school'),
  tenant: () => 'for the whole university',
};

const grantText = ({ roles, relation, of }: Grant): string => `${roles.join(', ')} ${WHERE[relation](of)}`;

/** One sentence that says who may use an operation; read by the OpenAPI document and the permission page. */
export function permissionText(permission: Permission): string {
  if (!('anyOf' in permission)) {
    return permission.relation === 'public'
      ? 'Anyone, without signing in.'
      : `Only the services ${permission.callers.join(', ')}, over the bus.`;
  }
  const narrowed = permission.scopeFilter ? ' The answer holds only what the actor may see.' : '';
  return `${permission.anyOf.map(grantText).join('; ')}.${narrowed}`;
}
