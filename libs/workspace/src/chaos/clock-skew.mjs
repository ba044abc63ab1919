// Preloaded into a process that is to have a wrong clock: CLOCK_SKEW_MS is added to whatever Date says. Its worker threads, which write and ask no time, keep the right one.
const skew = Number(process.env.CLOCK_SKEW_MS ?? 0);
const System = Date;
const now = () => System.now() + skew;

if (skew !== 0)
  globalThis.Date = new Proxy(System, {
    construct: (date, values, made) => Reflect.construct(date, values.length === 0 ? [now()] : values, made),
    apply: () => new System(now()).toString(),
    get: (date, name) => (name === 'now' ? now : Reflect.get(date, name)),
  });
