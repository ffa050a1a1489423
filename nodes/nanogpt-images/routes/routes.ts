/** Every admin route with its permission. Each can show or spend what belongs to an account, so all require `write`. */
export const routes = [
  { method: 'post', path: '/nanogpt-config/models', permission: 'nanogpt-config.write' },
  { method: 'post', path: '/nanogpt-config/check', permission: 'nanogpt-config.write' },
  { method: 'post', path: '/nanogpt-config/sign-in/start', permission: 'nanogpt-config.write' },
  { method: 'post', path: '/nanogpt-config/sign-in/poll', permission: 'nanogpt-config.write' },
  { method: 'post', path: '/nanogpt-config/sign-in/cancel', permission: 'nanogpt-config.write' },
  { method: 'post', path: '/nanogpt-config/sign-in/redeem', permission: 'nanogpt-config.write' },
  { method: 'post', path: '/nanogpt-cluster/check', permission: 'nanogpt-cluster.write' },
  { method: 'post', path: '/nanogpt-image/dry-run', permission: 'nanogpt-image.write' },
  { method: 'post', path: '/nanogpt-image/try', permission: 'nanogpt-image.write' },
  { method: 'get', path: '/nanogpt-image/images/:id', permission: 'nanogpt-image.write' },
  { method: 'get', path: '/nanogpt-image/thumbnails/:id', permission: 'nanogpt-image.write' },
  { method: 'get', path: '/nanogpt-image/previews', permission: 'nanogpt-image.write' },
  { method: 'get', path: '/nanogpt-image/history', permission: 'nanogpt-image.write' },
  { method: 'get', path: '/nanogpt-image/history/:id', permission: 'nanogpt-image.write' },
  { method: 'get', path: '/nanogpt-image/running', permission: 'nanogpt-image.write' },
  { method: 'post', path: '/nanogpt-image/stop', permission: 'nanogpt-image.write' },
  { method: 'get', path: '/nanogpt-image/spending', permission: 'nanogpt-image.write' },
  { method: 'get', path: '/nanogpt-image/unsettled', permission: 'nanogpt-image.write' },
  { method: 'post', path: '/nanogpt-image/settle', permission: 'nanogpt-image.write' },
  { method: 'get', path: '/nanogpt-image/ending-models', permission: 'nanogpt-image.write' },
  { method: 'post', path: '/nanogpt-image/clear-history', permission: 'nanogpt-image.write' },
] as const;

/** The path of a route. */
export type RoutePath = (typeof routes)[number]['path'];
