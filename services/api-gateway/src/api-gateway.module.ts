import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { nestLogger, Platform, PlatformModule, tellStatus } from '@ateneo/service-kit';
import { type GatewayConfig, readGatewayConfig } from './api-gateway.config.js';
import { EventFeedController } from './events/event-feed.controller.js';
import { LiveController } from './events/live.controller.js';
import { openParts, type OpenedParts, PARTS } from './gateway-parts.module.js';
import { HealthController } from './health/health.controller.js';
import { HttpServer } from './http/http-server.controller.js';
import { MAX_JSON_BYTES } from './http/json-body.rules.js';
import { answerBroken, answerUnreadable, answerUnrouted, GatewayAdapter } from './http/odd-requests.controller.js';
import { sendProblem } from './http/replies.controller.js';
import { transportHeaders } from './http/security-headers.rules.js';
import { OperationRoutes } from './operations/operation-routes.controller.js';
import { OperatorController } from './operator/operator.controller.js';
import { fontOf, PortalController } from './portal/portal.controller.js';
import { InvitationController } from './sign-in/invitation.controller.js';
import { RealmController } from './sign-in/realm.controller.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

export { readGatewayConfig };

const PORTAL_FOLDER = Symbol('PORTAL_FOLDER');
const CONFIG = Symbol('GATEWAY_CONFIG');

/** Mounts everything on Nest's Fastify: /api behind its guards, the realm, health, the portal's files. */
@Injectable()
class Routes implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #feed: EventFeedController;
  readonly #live: LiveController;
  readonly #webhooks: WebhooksModule;
  readonly #untell: () => void;

  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly platform: Platform,
    @Inject(PARTS) private readonly opened: OpenedParts,
    @Inject(PORTAL_FOLDER) private readonly portalFolder: string,
    @Inject(CONFIG) config: GatewayConfig,
  ) {
    this.#feed = new EventFeedController(opened.parts, platform.bus, platform.onProblem);
    this.#live = new LiveController(opened.parts, platform.bus);
    this.#webhooks = new WebhooksModule(opened.parts, platform, opened.webhooks, config.WEBHOOKS_ALLOW_PRIVATE);
    this.#untell = tellStatus(platform, 'api-gateway', () => ({ projections: [], parked: [], parkedReactions: [], publisher: null }));
  }

  async onModuleInit(): Promise<void> {
    const instance = this.host.httpAdapter.getInstance() as unknown as FastifyInstance;
    const { parts, provider } = this.opened;
    const server = new HttpServer(this.platform.onProblem);
    instance.addHook('onRequest', (_request, reply, done) => (reply.headers(transportHeaders(parts.publicUrl)), done()));
    answerUnrouted(instance);
    const mount = (routes: (scope: FastifyInstance) => void) => void instance.register(async (scope) => routes(scope));
    mount((scope) => {
      server.guard(scope);
      new OperationRoutes(parts).mount(scope);
      new SignInController(parts, fontOf(this.portalFolder)).mount(scope);
      this.#webhooks.mount(scope);
      new OperatorController(parts, this.platform).mount(scope);
      scope.all('/api/*', (request: FastifyRequest, reply: FastifyReply) =>
        sendProblem(request, reply, { status: 404, code: 'route-not-found' }),
      );
    });
    mount((scope) => (server.answerErrors(scope), new InvitationController(parts, fontOf(this.portalFolder)).mount(scope)));
    // streams stay open: they are counted by their own bounds
    mount((scope) => (server.answerErrors(scope), this.#feed.mount(scope), this.#live.mount(scope)));
    if (provider)
      mount((scope) => (server.answerErrors(scope), new RealmController(parts, provider, fontOf(this.portalFolder)).mount(scope)));
    mount((scope) => new HealthController(this.platform).mount(scope));
    mount((scope) => (server.answerErrors(scope), new PortalController(this.portalFolder, parts.publicUrl, parts.issuer).mount(scope)));
    await this.#webhooks.start();
  }

  /** The server waits for open requests, and streams never end by themselves. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#untell();
    this.#feed.close();
    this.#live.close();
    await this.#webhooks.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.opened.close();
  }
}

/** The gateway: HTTP in, bus out; it holds no rule. */
@Module({})
export class ApiGatewayModule {
  static with(opened: OpenedParts, portalFolder: string, config: GatewayConfig): DynamicModule {
    const providers = [
      { provide: PARTS, useValue: opened },
      { provide: PORTAL_FOLDER, useValue: portalFolder },
      { provide: CONFIG, useValue: config },
      Routes,
    ];
    return { module: ApiGatewayModule, providers };
  }
}

export type GatewayOptions = {
  readonly port: number;
  readonly host?: string;
  /** the built portal */ readonly portalFolder: string;
  readonly config?: GatewayConfig;
};

/** The caller's own id of the request, where it gave one that can stand in logs and metadata. */
const correlationIdOf = ({ 'x-correlation-id': given }: IncomingHttpHeaders): string | undefined =>
  typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : undefined;

const adapter = ({ REQUEST_TIMEOUT_MS, TRUSTED_PROXIES }: GatewayConfig): GatewayAdapter =>
  new GatewayAdapter({
    bodyLimit: MAX_JSON_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: {
      headersTimeout: Math.min(REQUEST_TIMEOUT_MS, 15_000),
      connectionsCheckingInterval: Math.min(REQUEST_TIMEOUT_MS, 2_000),
      maxHeaderSize: 16 * 1024,
    },
    trustProxy: TRUSTED_PROXIES ?? false,
    routerOptions: { maxParamLength: 200 },
    genReqId: ({ headers }: { headers: IncomingHttpHeaders }) => correlationIdOf(headers) ?? randomUUID(),
    frameworkErrors: answerUnreadable,
    clientErrorHandler: answerBroken,
    forceCloseConnections: 'idle',
    logger: false,
  });

/** Starts the gateway on the platform's bus and resolves when it listens. A demo listens on this machine alone unless `host` is given. */
export async function startGateway(
  platform: Platform,
  { port, host, portalFolder, config = readGatewayConfig() }: GatewayOptions,
): Promise<NestFastifyApplication> {
  let listening = port;
  const opened = await openParts(platform, () => listening);
  const root: DynamicModule = {
    module: class {},
    imports: [PlatformModule.with(platform), ApiGatewayModule.with(opened, portalFolder, config)],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root as never, adapter(config), {
    logger: nestLogger(platform.log),
    abortOnError: false,
    bodyParser: false,
  });
  await app.listen(port, host ?? (platform.demo ? 'localhost' : '0.0.0.0'));
  listening = (app.getHttpServer().address() as { port: number }).port;
  return app;
}
