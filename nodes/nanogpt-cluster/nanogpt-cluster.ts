import type { NodeAPI, NodeDef } from 'node-red';
import type { NanogptCluster } from '../shared/nanogpt-cluster.js';
import type { NanogptClusterConfig } from './config.js';

type Reading = typeof import('../../src/cluster/read-cluster-settings.js');

/** The Redis over which the accounts of several Node-REDs share queue, limits and budget. */
export default function (RED: NodeAPI): void {
  function Cluster(this: NanogptCluster, saved: NodeDef & Partial<NanogptClusterConfig>): void {
    RED.nodes.createNode(this, saved);
    this.url = saved.url ?? '';
    this.read = (account) => {
      // Only for an account that is in a cluster: Node-RED loads this file at every start.
      const { readAccountCluster } = require('../../src/cluster/read-cluster-settings.js') as Reading;
      return readAccountCluster(account, saved, this.credentials ?? {});
    };
  }
  RED.nodes.registerType<
    NanogptCluster,
    NodeDef & Partial<NanogptClusterConfig>,
    object,
    { password?: string; secret?: string }
  >('nanogpt-cluster', Cluster, {
    credentials: { password: { type: 'password' }, secret: { type: 'password' } },
  });
}
