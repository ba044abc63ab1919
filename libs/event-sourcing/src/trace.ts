import {
  type Attributes,
  context,
  type Link,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';

export type SpanOptions = {
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes?: Attributes;
  /** W3C `traceparent` of what this continues; default: the span under way. */
  readonly parent?: string;
  /** Others that this belongs to as well. */
  readonly links?: readonly string[];
};

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;
const tracer = trace.getTracer('ateneo');
let tracing = false;

/** Spans go somewhere from now on, or no more; until then they cost nothing. */
export const traceFromNow = (on: boolean): void => void (tracing = on);
export const isTracing = (): boolean => tracing;

/** Does work inside a span of its own; what it throws marks the span. Without tracing it is just done. */
export async function spanned<T>(name: string, options: SpanOptions, work: (span?: Span) => Promise<T>): Promise<T> {
  if (!tracing) return work();
  const { kind = 'internal', attributes, parent, links = [] } = options;
  const from = spanContextOf(parent);
  const under = from ? trace.setSpanContext(context.active(), from) : context.active();
  const others = links.flatMap((link): Link[] => {
    const other = spanContextOf(link);
    return other ? [{ context: other }] : [];
  });
  const span = tracer.startSpan(name, { kind: KINDS[kind], attributes, links: others }, under);
  try {
    return await context.with(trace.setSpan(under, span), () => work(span));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : undefined });
    throw error;
  } finally {
    span.end();
  }
}

/** The span under way as a W3C `traceparent`; undefined without one. */
export function traceparent(): string | undefined {
  const at = tracing ? trace.getSpanContext(context.active()) : undefined;
  return at && `00-${at.traceId}-${at.spanId}-${at.traceFlags.toString(16).padStart(2, '0')}`;
}

/** Id of the trace under way, for log lines. */
export const traceId = (): string | undefined => (tracing ? trace.getSpanContext(context.active())?.traceId : undefined);

/** Undefined where the text is no `traceparent`. */
function spanContextOf(text: unknown): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] =
    (typeof text === 'string' && /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(text)) || [];
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
}
