import type { NodeAPI } from 'node-red';
import type { ClusterCredentials } from '../../../src/cluster/read-cluster-settings.js';
import { clusterDefaults } from '../../../src/cluster/rules.js';
import { ImageError } from '../../../src/errors.js';
import type { NanogptCluster } from '../../shared/nanogpt-cluster.js';
import { variableIn } from '../../shared/variable.js';
import type { PostedCluster } from './read-body.js';
import type { Variables } from './variables.js';

/**
 * The credentials for the Redis of a posted cluster with variables filled in. The stored password, and one from the
 * environment, which any user of a route could name, go to the deployed address only. The secret never goes to Redis.
 *
 * @throws ImageError `not_configured` where the password must be typed again.
 */
export function resolveCredentials(
  RED: NodeAPI,
  { config, password, secret, place }: PostedCluster,
  variables: Variables,
): ClusterCredentials {
  const node = RED.nodes.getNode(place.id) as NanogptCluster | null;
  const deployed = node?.type === 'nanogpt-cluster' ? node : undefined;
  const stored = deployed?.credentials ?? {};
  const isDeployed = deployed !== undefined && isSameAddress(deployed.url, config.url);
  const fill = (text: string): string => {
    const variable = variableIn(text.trim());
    const found = variable === undefined ? text : variables(variable);
    return typeof found === 'string' ? found : text;
  };
  if (password === undefined && stored.password && !isDeployed)
    throw new ImageError('not_configured', 'cluster_password_again');
  if (password !== undefined && variableIn(password.trim()) !== undefined && !isDeployed)
    throw new ImageError('not_configured', 'cluster_variable_elsewhere', { variable: password.trim() });
  return {
    password: password === undefined ? (stored.password ?? '') : fill(password),
    secret: secret === undefined ? (stored.secret ?? '') : fill(secret),
  };
}

/** An older flow may lack an address. */
function isSameAddress(deployed: string, posted: string): boolean {
  return (deployed.trim() || clusterDefaults.url) === posted.trim();
}
