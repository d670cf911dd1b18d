'use strict';
// MiniStack unpacks the layers of a function beside its code, and not at /opt, where Lambda has them.
const fs = require('node:fs');
const path = require('node:path');
const { syncBuiltinESMExports } = require('node:module');

const layers = (process.env._LAMBDA_LAYERS_DIRS ?? '').split(path.delimiter).filter((folder) => folder !== '');

function whereItIs(file) {
  if (typeof file !== 'string' || !file.startsWith('/opt/')) return file;
  const places = layers.map((folder) => path.join(folder, file.slice('/opt/'.length)));
  return places.find((place) => fs.existsSync(place)) ?? file;
}

const { readFile } = fs.promises;
fs.promises.readFile = (file, ...rest) => readFile(whereItIs(file), ...rest);
syncBuiltinESMExports();
