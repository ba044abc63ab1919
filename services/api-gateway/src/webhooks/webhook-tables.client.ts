import { join } from 'node:path';
import { openedBy, type Platform } from '@ateneo/service-kit';
import { SqliteWebhookTable } from './sqlite-webhook-table.client.js';
import type { WebhookTable } from './webhook-table.client.js';

/** By the scheme of READ_MODELS_URL: `sqlite:` a file of the only gateway, `mongodb:` shared by all. */
export async function openWebhookTable({ config, folder, masterKey }: Platform): Promise<WebhookTable> {
  const url = config.READ_MODELS_URL;
  if (url.startsWith('sqlite:')) return new SqliteWebhookTable(join(folder, 'api-gateway.webhooks.sqlite'), masterKey);
  const { openMongoWebhookTable } = await import('./mongo-webhook-table.client.js');
  return openedBy('READ_MODELS_URL', url, () => openMongoWebhookTable(url, masterKey));
}
