import { useCodeText, useLanguage } from '../../i18n/language.js';
import { versionsOf } from './status-view.js';
import type { Status } from './system-api.js';

/** The public events that this platform speaks, each with its version; and which mapping of its stored ones a service publishes. */
export const Versions = ({ status }: { status: Status }) => {
  const { t } = useLanguage();
  const codeText = useCodeText();
  const mappings = new Map(
    status.instances.flatMap(({ service, publisher }) => (publisher ? [[service, publisher.mappingVersion] as const] : [])),
  );
  return (
    <section aria-labelledby="versions">
      <h2 id="versions" className="at-card__title">
        {t('system.versions')}
      </h2>
      <div className="at-card">
        {versionsOf(status).map(({ service, events }) => (
          <details key={service} className="at-more">
            <summary>
              {codeText('service', service)}
              <span className="at-soft at-versions__count">
                {[
                  t('system.n-events', { n: events.length }),
                  mappings.has(service) && t('system.mapping', { version: String(mappings.get(service)) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </summary>
            <ul className="at-row at-versions">
              {events.map(({ name, version }) => (
                <li key={`${name} ${version}`} className="at-badge">
                  {name} {version}
                </li>
              ))}
            </ul>
          </details>
        ))}
      </div>
    </section>
  );
};
