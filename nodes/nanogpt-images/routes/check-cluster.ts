import { performance } from 'node:perf_hooks';
import { type ClusterReport, checkCluster } from '../../../src/cluster/check.js';
import { readClusterSettings } from '../../../src/cluster/read-cluster-settings.js';
import type { Failed } from '../../shared/route-answers.js';
import type { AdminRequest } from './admin-request.js';
import { resolveCredentials } from './cluster-credentials.js';
import { toProblem } from './problem.js';
import { readCluster } from './read-body.js';
import { fillVariables, variablesAt } from './variables.js';

/** Looks into the Redis of a cluster, deployed or not; never cached. */
export async function checkClusterRoute({
  RED,
  body,
  signal,
}: AdminRequest): Promise<(ClusterReport & { milliseconds: number }) | Failed> {
  const posted = readCluster(body);
  const started = performance.now();
  try {
    const variables = variablesAt(RED, posted.place);
    const config = fillVariables(posted.config, variables);
    const settings = readClusterSettings(config, resolveCredentials(RED, { ...posted, config }, variables));
    const report = await checkCluster(settings, signal);
    return { ...report, milliseconds: Math.round(performance.now() - started) };
  } catch (error) {
    return { problem: toProblem(error) };
  }
}
