import { Button } from './button.js';
import { useUiTexts } from './texts.js';

/** Moves between the pages of a long list; hidden when there is one. */
export const Pages = ({ page, size, total, onPage }: { page: number; size: number; total: number; onPage: (page: number) => void }) => {
  const texts = useUiTexts();
  const pages = Math.max(1, Math.ceil(total / size));
  if (pages === 1) return null;
  return (
    <div className="at-pages">
      <Button look="outline" small disabled={page <= 1} onClick={() => onPage(page - 1)}>
        {texts.previousPage}
      </Button>
      <span className="at-numbers">{texts.pageOf(page, pages)}</span>
      <Button look="outline" small disabled={page >= pages} onClick={() => onPage(page + 1)}>
        {texts.nextPage}
      </Button>
    </div>
  );
};
