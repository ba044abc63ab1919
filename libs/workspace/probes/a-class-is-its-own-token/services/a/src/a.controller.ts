declare const Inject: (token: unknown) => ParameterDecorator;
class Runtime {}

export class A {
  constructor(@Inject(Runtime) readonly runtime: Runtime) {}
}
