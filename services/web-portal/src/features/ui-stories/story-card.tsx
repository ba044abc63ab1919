import type { ReactNode } from 'react';

export const StoryCard = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="at-card at-stack" aria-label={title}>
    <h2>{title}</h2>
    {children}
  </section>
);
