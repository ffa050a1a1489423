/** Loaded before Node-RED: messages reach a node of the name `held` late, as they do behind a breakpoint of the flow debugger. */
const { createRequire } = require('node:module');

const { hooks } = createRequire(process.argv[1])('@node-red/util');

hooks.add('onReceive.hold-up', ({ destination }, proceed) => {
  if (destination.node.name === 'held') setTimeout(proceed, 200);
  else proceed();
});
