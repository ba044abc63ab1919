import { type Account, interactionPolicy } from 'oidc-provider';

/** How many times the person's password has changed; undefined where nobody signs in under that id. */
export type SignInsOf = (personId: string) => Promise<number | undefined>;

/** The provider knows a person as of their last change of password, so that what signed in before is nobody's. */
export const accountIdOf = (personId: string, signIns: number): string => `${personId}.${signIns}`;
const personOf = (accountId: string): { readonly personId: string; readonly signIns: number } => {
  const [personId = '', signIns = '0'] = accountId.split('.');
  return { personId, signIns: Number(signIns) };
};

export const accountFinder =
  (signInsOf: SignInsOf) =>
  async (_context: unknown, accountId: string): Promise<Account | undefined> => {
    const { personId, signIns } = personOf(accountId);
    return (await signInsOf(personId)) === signIns ? { accountId, claims: () => ({ sub: personId }) } : undefined;
  };

export function policy(): interactionPolicy.DefaultPolicy {
  const { Check, base } = interactionPolicy;
  const prompts = base();
  prompts
    .get('login')
    ?.checks.add(
      new Check('signed_in_before', 'the account ended or its password changed since', ({ oidc }) =>
        oidc.session?.accountId && !oidc.account ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
      ),
    );
  return prompts;
}

/** `sid` as Keycloak has it; the others let the guard tell what is over before the token expires. */
export function claimsOf({ accountId, sessionUid, grantId }: { accountId: string; sessionUid?: string; grantId?: string }): object {
  const { personId, signIns } = personOf(accountId);
  return { sub: personId, sid: sessionUid, ateneo_sign_ins: signIns, ateneo_grant: grantId };
}
