import { z } from 'zod';
import { id, instant } from './values.js';

/** What every public event carries beside its data, in the feed, in webhooks and on the bus: CloudEvents 1.0, extensions in lower case. */
export const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: id.meta({ description: 'The same in every delivery of this event: what a consumer drops repeats by' }),
  source: z.url().meta({ description: '<PUBLIC_URL>/<service>' }),
  type: z.string().meta({ description: '<context>.<noun-participle>.v<n>' }),
  subject: z.string().meta({ description: 'The stream it comes from; order is promised per subject' }),
  time: instant,
  datacontenttype: z.literal('application/json'),
  schoolid: id.optional().meta({ description: 'The school that it is about; absent: the whole university' }),
  traineeid: id.optional().meta({ description: 'The trainee that it is about' }),
  partition: z.number().int().min(0).max(63).meta({ description: 'FNV-1a-32 of the key (trainee, else the uuid of the stream) modulo 64' }),
  position: z.number().int().min(1).meta({ description: 'Place in the store of the service, within one epoch; gaps are usual' }),
  service: z.string().meta({ description: 'The service that published it' }),
  epoch: z.string().meta({ description: 'Changes when the service is restored from a backup: positions begin anew' }),
  mappingversion: z.number().int().min(1).meta({ description: 'Raised when what already stored events publish changes: rebuild' }),
  actorid: z.string().meta({ description: 'Person, service account or `system:<service>/<reaction>` that did it' }),
  traceparent: z.string().optional().meta({ description: 'W3C trace context of the command that it comes from, where it was traced' }),
  data: z.unknown().meta({ description: 'As the schema of its type says; never personal data' }),
});
export type CloudEvent = z.output<typeof cloudEvent>;
