import { Injectable } from '@nestjs/common';
import { Relations } from '@ateneo/service-kit';

/** Everything here is of the person who asks, of the whole university, public or for services: nothing to resolve. */
@Injectable()
export class IdentityRelations implements Relations {
  readonly subjects = {};
}
