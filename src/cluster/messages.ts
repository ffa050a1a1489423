/** Messages about a cluster; see `src/messages.ts`. */
export const clusterMessages = {
  // not_configured
  cluster_packages:
    'Sharing an account needs the packages bullmq {{version}} and ioredis {{version}} (here: {{found}}): run “{{command}}” in the user directory of Node-RED, and restart it.',

  // cluster_unavailable
  cluster_away:
    'The Redis of the cluster cannot be reached, so nothing was sent: check that it runs and that its address is right. ({{reason}})',
} as const;
