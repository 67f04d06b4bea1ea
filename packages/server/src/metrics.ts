import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Caller, Engine } from "@writ/engine";

/** Whoever looks at the metrics learns the size of the log and nothing else of it. */
const OBSERVER: Caller = {
  tenant: "local",
  principal: { type: "system", id: "metrics" },
  onBehalfOf: [],
  rights: "viewer",
  auth: "socket",
  credential: "metrics",
};

/** What `/metrics` shows: nothing of content, only counts and durations. */
export interface Metrics {
  answered(method: string, route: string, status: number, seconds: number): void;
  refused(code: string): void;
  text(): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(engine: Engine, version: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "writ_http_request_seconds",
    help: "Time from request to answer.",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 60],
    registers: [registry],
  });
  const refusals = new Counter({
    name: "writ_refusals_total",
    help: "Requests answered with an error, by its code.",
    labelNames: ["code"],
    registers: [registry],
  });
  const size = new Gauge({
    name: "writ_log_entries",
    help: "Entries in the log.",
    registers: [],
    // Asked when somebody looks: a listener would cost every action its view.
    async collect() {
      this.set((await engine.head(OBSERVER)).size);
    },
  });
  registry.registerMetric(size);
  const build = new Gauge({
    name: "writ_build_info",
    help: "The running version.",
    labelNames: ["version"],
    registers: [registry],
  });
  build.labels(version).set(1);
  return {
    answered: (method, route, status, seconds) => requests.labels(method, route, String(status)).observe(seconds),
    refused: (code) => refusals.labels(code).inc(),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
