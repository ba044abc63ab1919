import { Module } from '@nestjs/common';
import { type ServiceDefinition, ServiceModule } from '@ateneo/service-kit';
import { {{Thing}}Closings } from './reactions/{{thing-name}}-closings.worker.js';
import { {{Context}}Relations } from './relations/{{context}}.relation.js';
import { {{Thing}}Controller } from './{{thing-name}}/{{thing-name}}.controller.js';
import { {{thing}} } from './{{thing-name}}/{{thing-name}}.decider.js';
import { {{thing}}Published } from './{{thing-name}}/{{thing-name}}.published.js';
import { {{Thing}}ListController } from './{{thing-name}}-list/{{thing-name}}-list.controller.js';
import { {{thing}}List } from './{{thing-name}}-list/{{thing-name}}-list.projection.js';

export const {{contextName}}Service: ServiceDefinition = {
  name: '{{context}}',
  mappingVersion: 1,
  aggregates: [{ decider: {{thing}}, published: {{thing}}Published }],
  projections: [{{thing}}List],
};

@Module({
  imports: [
    ServiceModule.for({{contextName}}Service, { relations: {{Context}}Relations, components: [{{Thing}}Closings], providers: [{{Thing}}Closings] }),
  ],
  controllers: [{{Thing}}Controller, {{Thing}}ListController],
})
export class {{Context}}Module {}
