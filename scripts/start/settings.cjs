// Settings of the Node-RED that `npm start` runs. This copy is yours to change; `npm start` does not write it again.
const { join, resolve } = require('node:path');

// Should `npm start` die, this Node-RED ends too.
process.once('disconnect', () => process.emit('SIGTERM'));

module.exports = {
  uiHost: '127.0.0.1',
  flowFile: 'flows.json',
  // Encrypts the keys of accounts in flows_cred.json; every copy of this file gets its own.
  credentialSecret: 'RANDOM',
  // The nodes of this project, as the last build made them.
  nodesDir: resolve(__dirname, '..'),
  // Where file nodes with a relative path write to.
  fileWorkingDirectory: join(__dirname, 'images'),
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, palette: { catalogues: [] } },
};
