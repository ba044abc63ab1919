import { join } from 'node:path';
import { openSqlitePersonKeys, type PersonKeys } from '@ateneo/event-sourcing';
import { openSqliteReadModels, type ReadModels, type Sealer } from '@ateneo/read-models';
import type { Platform } from './platform.js';
import { openedBy } from './start-problems.js';

/** The keys of people that a service owns, by the scheme of KEYS_URL: `sqlite:` a file of its own, `mongodb:` shared by its instances. */
export async function openKeys({ config, folder, masterKey, onProblem }: Platform, service: string): Promise<PersonKeys> {
  if (config.KEYS_URL.startsWith('sqlite:')) return openSqlitePersonKeys({ file: join(folder, `${service}.keys.sqlite`), masterKey });
  const { openMongoPersonKeys } = await import('@ateneo/event-sourcing/mongo');
  return openedBy('KEYS_URL', config.KEYS_URL, () =>
    openMongoPersonKeys({ url: config.KEYS_URL, database: `ateneo_${service}_keys`, masterKey, onProblem }),
  );
}

/** The read models of a service, by the scheme of READ_MODELS_URL: `sqlite:` a file of its own, `mongodb:` shared by its instances. */
export async function openReadModels(platform: Platform, service: string, sealer: Sealer): Promise<ReadModels> {
  const { config, folder, metrics, onProblem } = platform;
  const onRead = (collection: string, documents: number): void => metrics.documentsRead(service, collection, documents);
  if (config.READ_MODELS_URL.startsWith('sqlite:'))
    return openSqliteReadModels({ file: join(folder, `${service}.views.sqlite`), writer: platform.viewsWriter, sealer, onRead });
  const { openMongoReadModels } = await import('@ateneo/read-models/mongo');
  return openedBy('READ_MODELS_URL', config.READ_MODELS_URL, () =>
    openMongoReadModels({ url: config.READ_MODELS_URL, service, sealer, onRead, onProblem }),
  );
}
