// Relative imports end in `.js`, as they must for Node; in a source tree the file behind them ends in `.ts`.
const { existsSync } = require('node:fs');
const { resolve } = require('node:path');

function resolveSource(request, options) {
  const ours =
    request.startsWith('.') && request.endsWith('.js') && !options.basedir.includes('node_modules');
  if (ours) {
    const source = resolve(options.basedir, request.slice(0, -3) + '.ts');
    if (existsSync(source)) return source;
  }
  return options.defaultResolver(request, options);
}

module.exports = resolveSource;
