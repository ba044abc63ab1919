import type { Role } from '@ateneo/contracts';
import { useQuery } from '@tanstack/react-query';
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { call, type OutputOf } from '../api/client.js';
import { sessionIs } from '../api/session-end.js';
import { today } from '../i18n/format.js';

export type Me = OutputOf<'identity.show-me'>;
export type Profile = Me['profiles'][number];
/** Who looks: the person and the profile they work with now. */
export type Viewer = {
  me: Me;
  profiles: readonly Profile[];
  profile: Profile | undefined;
  role: Role | undefined;
  schoolId: string | null;
  choose: (profileId: string) => void;
};
type Visit = { is: 'loading' } | { is: 'nobody' } | { is: 'person'; viewer: Viewer };

const ViewerContext = createContext<Visit>({ is: 'loading' });
const kept = 'ateneo.profile';

const fetchMe = async (): Promise<Me | null> => {
  const session: unknown = await fetch('/api/session').then((response) => (response.ok ? response.json() : null));
  const signedIn = typeof session === 'object' && session !== null && 'person' in session && session.person !== null;
  return signedIn ? call('identity.show-me', {}) : null;
};
const isCurrent = (profile: Profile): boolean => profile.from <= today() && (profile.to === null || profile.to >= today());

/** Asks once who is signed in, and keeps the profile chosen in this browser. */
export const ViewerProvider = ({ children }: { children: ReactNode }) => {
  const { data: me, isPending } = useQuery({ queryKey: ['me'], queryFn: fetchMe, staleTime: 5 * 60_000 });
  const [chosen, setChosen] = useState(() => localStorage.getItem(kept));
  useEffect(() => sessionIs(Boolean(me)), [me]);
  const known = useMemo<Visit>(() => {
    if (isPending) return { is: 'loading' };
    if (!me) return { is: 'nobody' };
    const profiles = me.profiles.filter(isCurrent);
    const profile = profiles.find(({ profileId }) => profileId === chosen) ?? profiles[0];
    const choose = (profileId: string) => {
      localStorage.setItem(kept, profileId);
      setChosen(profileId);
    };
    return { is: 'person', viewer: { me, profiles, profile, role: profile?.role, schoolId: profile?.schoolId ?? null, choose } };
  }, [me, isPending, chosen]);
  return <ViewerContext value={known}>{children}</ViewerContext>;
};

export const useKnownViewer = (): Visit => use(ViewerContext);
/** The signed-in person; only inside `SignedIn`. */
export const useViewer = (): Viewer => {
  const known = use(ViewerContext);
  if (known.is !== 'person') throw new Error('useViewer needs a signed-in person');
  return known.viewer;
};
