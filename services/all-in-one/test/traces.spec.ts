import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { InMemorySpanExporter, NodeTracerProvider, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { traceFromNow } from '@ateneo/event-sourcing';
import { requestPage } from '@ateneo/messaging';
import { Browser, newId, type Running, startGatewayWithIdentity } from './gateway-with-identity.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

describe('traces', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  let running: Running;
  let browser: Browser;

  before(async () => {
    running = await startGatewayWithIdentity();
    const { username } = await running.register('administrator', null);
    browser = new Browser(running.url);
    await browser.open(`/auth/sign-in?as=${username}&return=/home`);
    provider.register();
    traceFromNow(true);
  });
  after(async () => {
    traceFromNow(false);
    await provider.shutdown();
    await running.close();
  });

  const register = (traceparent?: string) =>
    browser.go('/api/people', {
      method: 'POST',
      body: JSON.stringify({
        personId: newId(),
        username: `p${newId()}`,
        givenName: 'Ada',
        familyName: 'Neri',
        email: 'ada@ateneo.example',
      }),
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', ...(traceparent && { traceparent }) },
    });
  const spansOf = async (traceId: string, last: string): Promise<ReadableSpan[]> => {
    for (let attempt = 0; attempt < 200; attempt++) {
      const spans = exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
      if (spans.some(({ name }) => name === last)) return spans;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return assert.fail(`no span ${last}: ${exporter.getFinishedSpans().map(({ name }) => name)}`);
  };

  test('a command is one trace from HTTP over the bus and the store to the projection, continuing that of the caller [issue4:5]', async () => {
    assert.equal((await register(`00-${TRACE}-b7ad6b7169203331-01`)).status, 200);
    const spans = await spansOf(TRACE, 'project directory');
    const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
    const parentsOf = (span: ReadableSpan | undefined): string[] =>
      span ? [`${span.name} ${span.kind}`, ...parentsOf(byId.get(span.parentSpanContext?.spanId ?? ''))] : [];
    assert.deepEqual(parentsOf(spans.find(({ name }) => name === 'project directory')).reverse(), [
      'POST /api/people 1',
      'identity.register-person 2',
      'identity.register-person 1',
      'handle RegisterPerson 0',
      'append 2',
      'project directory 4',
    ]);
    const [http] = spans.filter(({ name }) => name.startsWith('POST'));
    assert.equal(http?.attributes['http.response.status_code'], 200);
    assert.doesNotMatch(JSON.stringify(spans.map(({ name, attributes }) => [name, attributes])), /Ada|Neri|ateneo\.example/);
  });

  test('public events carry the trace they come from [issue4:5]', async () => {
    const page = await requestPage(running.platform.bus, 'identity', 0);
    assert.match(page.events.findLast(({ traceparent }) => traceparent)?.traceparent ?? '', new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  });

  test('what is no traceparent begins a trace of its own [issue4:5]', async () => {
    for (const wrong of ['00-zz-b7ad6b7169203331-01', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, 'x'.repeat(5_000)]) {
      exporter.reset();
      assert.equal((await register(wrong)).status, 200);
      const [http] = exporter.getFinishedSpans().filter(({ name }) => name.startsWith('POST'));
      assert.equal(http?.parentSpanContext, undefined);
    }
  });

  test('without a collector nothing is traced and nothing is stored of it [issue4:5]', async () => {
    traceFromNow(false);
    exporter.reset();
    assert.equal((await register(`00-${TRACE}-b7ad6b7169203331-01`)).status, 200);
    assert.deepEqual(
      exporter.getFinishedSpans().filter(({ name }) => name.startsWith('POST')),
      [],
    );
    const page = await requestPage(running.platform.bus, 'identity', 0);
    assert.equal(page.events.at(-1)?.traceparent, undefined);
    traceFromNow(true);
  });
});
