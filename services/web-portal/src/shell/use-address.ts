import { useSearchParams } from 'react-router';

type Part = Readonly<Record<string, string | undefined>>;

/** Filters, sort and page of a list as they stand in the address; changing a filter goes back to the first page. */
export const useAddress = () => {
  const [params, setParams] = useSearchParams();
  const write = (part: Part) =>
    setParams(
      (now) => {
        const next = new URLSearchParams(now);
        for (const [key, value] of Object.entries(part)) {
          if (value) next.set(key, value);
          else next.delete(key);
        }
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  return {
    get: (key: string): string => params.get(key) ?? '',
    page: Math.max(1, Math.trunc(Number(params.get('page') ?? '1')) || 1),
    change: (part: Part) => write({ page: undefined, ...part }),
    toPage: (page: number) => write({ page: page > 1 ? String(page) : undefined }),
  };
};
