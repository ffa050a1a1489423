/** Messages about a cluster; see `src/messages.ts`. */
export const clusterMessages = {
  // not_configured
  cluster_url: 'The address of the cluster must look like redis://host:6379 or rediss://host:6379.',
  cluster_secret:
    'The cluster has no secret of at least {{min}} characters: open it, make one, and give it to every Node-RED.',
  cluster_prefix: 'The prefix of the cluster may hold letters, digits and . : - _ only.',
  cluster_role: 'The role in the cluster must be one of {{choices}}.',
  cluster_timezone: 'The time zone of the cluster must be a name such as Europe/Berlin, or blank for UTC.',
  cluster_account:
    'The account shares in a cluster, but has no name there of letters, digits and . - _: open it and give it one, the same in every Node-RED.',
  cluster_deploy_first: 'An account of a cluster can be tried once it is deployed: its limits hold for all Node-REDs.',
  cluster_password_again:
    'The stored password goes only to the address it was deployed with: type it again to use it here.',
  redis_password: 'Redis refuses this user and password: type them again, or give the user more rights. ({{reason}})',
  redis_unreachable:
    'No Redis answers at this address: check that it runs and that this machine reaches it. ({{reason}})',
  cluster_variable_elsewhere:
    'The password {{variable}} is filled in only for the deployed address: deploy the cluster first, or type the password.',
  cluster_packages:
    'Sharing an account needs the packages bullmq {{version}} and ioredis {{version}} (here: {{found}}): run “{{command}}” in the user directory of Node-RED, and restart it.',
  cluster_differs:
    'Another Node-RED shares the account “{{account}}” with another {{what}} ({{theirs}}, here {{ours}}): give both the same, or this account another name in the cluster.',

  // cluster_unavailable
  cluster_away:
    'The Redis of the cluster cannot be reached, so nothing was sent: check that it runs and that its address is right. ({{reason}})',
  cluster_orphan:
    'An image that no node could take any more was received over the cluster: it is in the history. (node {{node}})',
  cluster_worker_lost:
    'The instance of the cluster that sent this request has not answered in time: whether it was charged is unknown.',
  cluster_no_worker:
    'No Node-RED or worker of the cluster has taken requests for {{seconds}} seconds, so nothing was sent: start one with the role “asks and works” or “works only”.',
  cluster_memory:
    'The Redis of the cluster has used {{percent}} % of its memory and takes no new requests: raise its maxmemory.',
  cluster_forged:
    'The Redis of the cluster holds something of the account “{{account}}” that no instance with its secret wrote; it was refused. Find out who else can write to that Redis.',
  cluster_unread:
    'What lies in the Redis of the cluster for this request is not what an instance put there, so it was refused.',
  cluster_kept_elsewhere:
    'The image was made, but the cluster has no room to bring it here: it is in the history of {{instance}}.',
  cluster_no_room:
    'The image was made, but the cluster has no room to bring it here, and {{instance}} keeps no history: it is lost. Turn the history on there, or make smaller images.',
  cluster_lost:
    'The Redis of the cluster has lost this request, so its outcome is unknown here: what was received for it is in the history of the Node-RED that sent it.',
} as const;
