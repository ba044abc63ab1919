import {
  type DynamicModule,
  Global,
  Inject,
  Injectable,
  type LoggerService,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_INTERCEPTOR, DiscoveryModule, DiscoveryService, ModuleRef, NestFactory } from '@nestjs/core';

import type { INestMicroservice } from '@nestjs/common';
import { BusServer } from '@ateneo/messaging';
import type { Operation } from '@ateneo/contracts';
import { Relations, unresolved } from './admission.js';
import { ConfigurationError } from './config.js';
import { OPERATION } from './handles.js';
import type { Logger } from './log.js';
import { OperationInterceptor } from './operation.interceptor.js';
import { Platform } from './platform.js';
import { openRuntime, startRuntime } from './service-assembly.js';
import type { Component, ServiceDefinition } from './service-definition.js';
import { ServiceRuntime } from './service-runtime.js';

const COMPONENTS_TOKEN = Symbol('COMPONENTS');

/** Starts the runtime after every provider exists, having checked that each relation of each operation has a resolver. */
@Injectable()
class Lifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly relations: Relations,
    private readonly discovery: DiscoveryService,
    private readonly modules: ModuleRef,
    @Inject(COMPONENTS_TOKEN) private readonly components: readonly Type<Component>[],
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const missing = this.operations().flatMap((operation) => unresolved(operation, this.relations));
    if (missing.length > 0) throw new ConfigurationError(missing.join('\n'));
    await startRuntime(this.runtime);
    for (const type of this.components) {
      const component = this.modules.get<Component>(type, { strict: false });
      await component.start?.();
      this.runtime.onStop(() => component.stop?.());
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.runtime.close();
  }

  operations(): Operation[] {
    return this.discovery.getControllers().flatMap(({ metatype }) => {
      const prototype = (metatype as Type | null)?.prototype as Record<string, unknown> | undefined;
      return Object.getOwnPropertyNames(prototype ?? {}).flatMap((name) => {
        const method = prototype?.[name];
        const operation = typeof method === 'function' ? (Reflect.getMetadata(OPERATION, method) as Operation | undefined) : undefined;
        return operation ? [operation] : [];
      });
    });
  }
}

export type ServiceParts = {
  /** Resolves the relations of the service's operations. */
  readonly relations: Type<Relations>;
  readonly providers?: readonly Provider[];
  /** Providers that are started and stopped with the service, in this order. */
  readonly components?: readonly Type<Component>[];
};

/** Everything a service gets from the kit, each by its class: its runtime and its relations, beside the platform of the process; and the providers that it names itself. */
@Global()
@Module({})
export class ServiceModule {
  static for(definition: ServiceDefinition, { relations, providers = [], components = [] }: ServiceParts): DynamicModule {
    const own: Provider[] = [
      { provide: ServiceRuntime, useFactory: (platform: Platform) => openRuntime(definition, platform), inject: [Platform] },
      { provide: Relations, useClass: relations },
      { provide: COMPONENTS_TOKEN, useValue: components },
      ...components,
      ...providers,
    ];
    return {
      module: ServiceModule,
      imports: [DiscoveryModule],
      providers: [...own, Lifecycle, { provide: APP_INTERCEPTOR, useClass: OperationInterceptor }],
      exports: own,
    };
  }
}

@Global()
@Module({})
export class PlatformModule {
  static with(platform: Platform): DynamicModule {
    return { module: PlatformModule, providers: [{ provide: Platform, useValue: platform }], exports: [Platform] };
  }
}

/** Nest's own messages as structured lines. */
export const nestLogger = (log: Logger): LoggerService => ({
  log: (message: unknown, context?: unknown) => log.debug({ context }, String(message)),
  debug: (message: unknown, context?: unknown) => log.debug({ context }, String(message)),
  warn: (message: unknown, context?: unknown) => log.warn({ context }, String(message)),
  error: (message: unknown, ...rest: unknown[]) => {
    // what Nest says of a failed start is thrown as well, and told by whoever started it
    if (rest.includes('ExceptionHandler')) return log.debug({ context: rest }, String(message));
    log.error({ context: rest }, String(message));
  },
});

/** Starts a service on the platform's bus, in this process. */
export async function startService(name: string, module: Type, platform: Platform): Promise<INestMicroservice> {
  const root: DynamicModule = { module: class {}, imports: [PlatformModule.with(platform), module] };
  const app = await NestFactory.createMicroservice(
    root as never,
    { strategy: new BusServer(platform.bus, name), logger: nestLogger(platform.log), abortOnError: false } as never,
  );
  await app.listen();
  return app;
}
