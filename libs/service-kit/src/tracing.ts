import { traceFromNow, unheard } from '@ateneo/event-sourcing';

/** Sends spans to the collector at `endpoint`, its base address over OTLP/HTTP. Answers how to send the last ones and stop. */
export async function startTracing(endpoint: string, service: string, instance: string): Promise<() => Promise<void>> {
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.instance.id': instance, 'service.namespace': 'ateneo' }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  traceFromNow(true);
  return async () => {
    traceFromNow(false);
    await provider.shutdown().catch(unheard('spans of the last moment may be lost'));
  };
}
