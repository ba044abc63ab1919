// Reads the events of one service from JetStream with read-only credentials, and goes on where it was: node jetstream.ts
// Environment: NATS_URL, NATS_USER, NATS_PASSWORD, SERVICE (default logbook), PLACE_FILE (default jetstream.place).
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { DeliverPolicy, jetstream, type JsMsg } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { FeedEvent } from '@ateneo/client';

const { NATS_URL = 'nats://localhost:4222', NATS_USER = 'staff-tool', NATS_PASSWORD, SERVICE = 'logbook' } = process.env;
const { PLACE_FILE = 'jetstream.place' } = process.env;

/** What was taken last: its place in the stream, and its position in the service, within an epoch and a mapping version. */
type Place = { readonly sequence: number; readonly position: number; readonly epoch: string; readonly mapping: string };
const header = ({ headers }: JsMsg, name: string): string => headers?.get(`Ateneo-${name}`) ?? '';
const placeOf = (message: JsMsg): Place => ({
  sequence: message.seq,
  position: Number(header(message, 'Position')),
  epoch: header(message, 'Epoch'),
  mapping: header(message, 'Mapping'),
});

/** Your work with one event; a repeat must change nothing, so remember `id`, or the place, together with what you do. */
function take({ id, type, subject }: FeedEvent): void {
  console.log(`${id} ${type} ${subject}`);
}

function keep(place: Place): void {
  writeFileSync(`${PLACE_FILE}.new`, JSON.stringify(place));
  renameSync(`${PLACE_FILE}.new`, PLACE_FILE);
}

let last = existsSync(PLACE_FILE) ? (JSON.parse(readFileSync(PLACE_FILE, 'utf8')) as Place) : undefined;
// a tool hears its own inbox only
const connection = await connect({ servers: NATS_URL, user: NATS_USER, pass: NATS_PASSWORD, inboxPrefix: `_INBOX.${NATS_USER}` });
const consumer = await jetstream(connection).consumers.get(`events-${SERVICE}`, {
  filter_subjects: [`${SERVICE}.event.>`],
  deliver_policy: DeliverPolicy.StartSequence,
  opt_start_seq: last?.sequence ?? 1,
});
const messages = await consumer.consume({ max_messages: 500 });
process.once('SIGTERM', () => void messages.close());

for await (const message of messages) {
  const place = placeOf(message);
  if (last && (place.epoch !== last.epoch || place.mapping !== last.mapping)) {
    console.error('The service was restored or tells its events anew: drop what you built from it and read from the beginning.');
    process.exitCode = 2;
    break;
  }
  if (Number(header(message, 'Previous')) > (last?.position ?? 0)) {
    console.error(`The stream keeps days: read the events after position ${last?.position ?? 0} from the HTTP feed first.`);
    process.exitCode = 3;
    break;
  }
  if (place.position <= (last?.position ?? 0)) continue;
  take(message.json<FeedEvent>());
  keep((last = place));
}
await connection.drain();
