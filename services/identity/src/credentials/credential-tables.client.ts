import { join } from 'node:path';
import { openedBy, type Platform } from '@ateneo/service-kit';
import type { CredentialTable } from './credential-table.client.js';
import { SqliteCredentialTable } from './sqlite-credential-table.client.js';

/** By the scheme of KEYS_URL: `sqlite:` in identity's keys file, `mongodb:` shared by its instances. */
export async function openCredentialTable({ config, folder }: Platform): Promise<CredentialTable> {
  if (config.KEYS_URL.startsWith('sqlite:')) return new SqliteCredentialTable(join(folder, 'identity.keys.sqlite'));
  const { openMongoCredentialTable } = await import('./mongo-credential-table.client.js');
  return openedBy('KEYS_URL', config.KEYS_URL, () => openMongoCredentialTable(config.KEYS_URL));
}
