// The built page as C++: node embed.mjs FOLDER FILE.cc

import {createHash} from 'node:crypto';
import {readFileSync, readdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';

const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

function filesBeneath(folder, prefix = '') {
  return readdirSync(path.join(folder, prefix), {withFileTypes: true}).flatMap((entry) => {
    const name = `${prefix}/${entry.name}`;
    return entry.isDirectory() ? filesBeneath(folder, name) : [name];
  });
}

const array = (name, bytes) => `constexpr unsigned char ${name}[] = {\n${[...bytes].join(',').replace(/(.{100},)/g, '$1\n')}};\n`;

function entryOf(folder, name, at) {
  const plain = readFileSync(path.join(folder, name));
  const gzip = gzipSync(plain, {level: 9});
  const type = types[path.extname(name)];
  if (!type) throw new Error(`${name}: of which type are such files?`);
  const etag = createHash('sha256').update(plain).digest('hex').slice(0, 16);
  const route = name === '/index.html' ? '/' : name;
  return {
    arrays: array(`kPlain${at}`, plain) + array(`kGzip${at}`, gzip),
    entry: `    {"${route}", "${type}", "\\"${etag}\\"", ${name.startsWith('/assets/')}, kPlain${at}, kGzip${at}},\n`,
  };
}

const [folder, output] = process.argv.slice(2);
const entries = filesBeneath(folder).sort().map((name, at) => entryOf(folder, name, at));
writeFileSync(output, `#include "service/page.h"

namespace monolens {
namespace {

${entries.map(({arrays}) => arrays).join('')}
constexpr PageFile kFiles[] = {
${entries.map(({entry}) => entry).join('')}};

}  // namespace

std::span<const PageFile> page_files() { return kFiles; }

}  // namespace monolens
`);
