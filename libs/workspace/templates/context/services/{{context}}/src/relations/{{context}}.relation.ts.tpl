import { Injectable } from '@nestjs/common';
import type { Relations, SubjectResolver } from '@ateneo/service-kit';

/** Whose a thing is, for permissions that hang on it: by the input path that names it. */
@Injectable()
export class {{Context}}Relations implements Relations {
  readonly subjects: Readonly<Record<string, SubjectResolver>> = {};
}
