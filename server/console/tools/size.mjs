// First load of the console: what index.html pulls in before any page chunk, gzip-compressed, against
// the budget. Fails when over it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 450;
const dist = resolve(dirname(fileURLToPath(import.meta.url)), '../dist');
const gzipKb = (name) => gzipSync(readFileSync(join(dist, name)), { level: 6 }).length / 1024;

const page = readFileSync(join(dist, 'index.html'), 'utf8');
const first = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1]);
const total = first.reduce((sum, name) => sum + gzipKb(name), 0);
const lazy = readdirSync(join(dist, 'assets')).filter((name) => !first.includes(`assets/${name}`));
const lazyKb = lazy.reduce((sum, name) => sum + gzipKb(`assets/${name}`), 0);

process.stdout.write(
  `first load ${total.toFixed(0)} KB gzip in ${first.length} files (budget ${BUDGET_KB}); ` +
    `${lazy.length} lazy chunks, ${lazyKb.toFixed(0)} KB\n`,
);
if (total > BUDGET_KB) process.exit(1);
