/** Every route that the editor asks, with the permission that it takes. Each can show or spend what belongs to an account: all ask for `write`. */
export const routes = [
  { method: 'post', path: '/nanogpt-config/models', permission: 'nanogpt-config.write' },
  { method: 'post', path: '/nanogpt-config/check', permission: 'nanogpt-config.write' },
  { method: 'post', path: '/nanogpt-image/dry-run', permission: 'nanogpt-image.write' },
  { method: 'post', path: '/nanogpt-image/try', permission: 'nanogpt-image.write' },
  { method: 'get', path: '/nanogpt-image/images/:id', permission: 'nanogpt-image.write' },
] as const;

/** Names a route. */
export type RoutePath = (typeof routes)[number]['path'];
