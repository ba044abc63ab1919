import assert from 'node:assert/strict';
import { SealedText } from './sealed-text.rules.js';

const sealed = new SealedText(Buffer.alloc(32, 7));

test('a reader of the feed who is at the end is told the same cursor again, and learns nothing from it [rev:sec-low]', () => {
  const [once, again, other] = ['[["logbook","e",7]]', '[["logbook","e",7]]', '[["logbook","e",8]]'].map((text) =>
    sealed.sealAlike(text, 'cursor'),
  );
  assert.deepEqual(once, again);
  assert.notDeepEqual(once, other);
  assert.equal(once!.includes('logbook'), false);
  assert.equal(sealed.open(once!, 'cursor'), '[["logbook","e",7]]');
  assert.throws(() => sealed.open(once!, 'elsewhere'));
  assert.notDeepEqual(sealed.seal('x'), sealed.seal('x'));
});
