// Gathers the tool definitions of public MCP servers into tools.json, and their licences into ATTRIBUTION.md.
// Each server of servers.json is installed from the npm registry into a folder of its own, started over stdio with credentials that open
// nothing, and asked for its tools; nothing inside a tool is changed. A version in servers.json is installed exactly; without one, the newest.
// Usage: node gather.mjs [--work DIR] [--only PACKAGE] [--pin]   (--pin writes the versions found back to servers.json)
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({ options: { work: { type: 'string' }, only: { type: 'string' }, pin: { type: 'boolean' } } });
const work = resolve(options.work ?? join(here, 'servers'));
const allowed = new Set(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC']);
const patience = 45_000;

const servers = JSON.parse(readFileSync(join(here, 'servers.json'), 'utf8'));
const found = [];
for (const server of servers.filter((each) => !options.only || each.package === options.only)) {
  try {
    found.push(await gather(server));
    console.log(`${server.package}: ${found.at(-1).tools.length} tools`);
  } catch (error) {
    console.error(`${server.package}: ${error.message}`);
    process.exitCode = 1;
  }
}

if (!options.only) {
  write();
}

async function gather(server) {
  const folder = join(work, server.package.replaceAll(/[@/]/g, '_'));
  const manifest = install(server, folder);
  if (!allowed.has(manifest.license)) {
    throw new Error(`its licence '${manifest.license}' is none of ${[...allowed].join(', ')}`);
  }

  for (const [name, text] of Object.entries(server.files ?? {})) {
    writeFileSync(join(folder, name), text);
  }

  const entry = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[server.bin ?? Object.keys(manifest.bin)[0]];
  const tools = await listTools(join(folder, 'node_modules', server.package, entry), server, folder);
  if (tools.length === 0) {
    throw new Error('it lists no tools');
  }

  server.version = manifest.version;
  return { id: server.id, server: server.package, version: manifest.version, licence: manifest.license, source: sourceOf(manifest), tools };
}

function install(server, folder) {
  const path = join(folder, 'node_modules', server.package, 'package.json');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const name = server.version ? `${server.package}@${server.version}` : server.package;
    const npm = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', name], { cwd: folder, encoding: 'utf8', timeout: 240_000 });
    if (npm.status !== 0) {
      throw new Error(`npm install failed: ${npm.stderr?.trim().split('\n')[0]}`);
    }
  }

  return JSON.parse(readFileSync(path, 'utf8'));
}

function listTools(script, server, folder) {
  const environment = { PATH: process.env.PATH, HOME: folder, ...server.environment };
  const child = spawn(process.execPath, [script, ...(server.arguments ?? [])], { cwd: folder, env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
  const tools = [];
  let errors = '';
  child.stderr.on('data', (data) => { errors = (errors + data).slice(-400); });
  child.stdin.on('error', () => {});
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ask = (cursor) => send({ id: 2, method: 'tools/list', params: cursor ? { cursor } : {} });

  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`no tools within ${patience / 1000} s: ${errors.trim()}`)), patience);
    child.on('exit', (code) => fail(new Error(`it ended with ${code}: ${errors.trim()}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = tryParse(line);
      if (message?.error && message.id) {
        fail(new Error(message.error.message));
      } else if (message?.id === 1) {
        send({ method: 'notifications/initialized' });
        ask();
      } else if (message?.id === 2) {
        tools.push(...message.result.tools);
        return message.result.nextCursor ? ask(message.result.nextCursor) : done(tools);
      }
    });
    send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'gather', version: '1' } } });
    child.once('close', () => clearTimeout(timer));
  }).finally(() => child.kill('SIGKILL'));
}

function tryParse(line) {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return null; // some servers greet on standard output before they speak the protocol
    }

    throw error;
  }
}

function sourceOf(manifest) {
  const url = typeof manifest.repository === 'string' ? manifest.repository : manifest.repository?.url;
  const name = url?.match(/^(?:.*github\.com[/:])?([^/:]+\/[^/]+?)(?:\.git)?$/)?.[1];
  return name ? `https://github.com/${name}` : `https://www.npmjs.com/package/${manifest.name}`;
}

function write() {
  const lines = found.map(({ tools, ...about }) => {
    const head = JSON.stringify(about).slice(0, -1);
    return `${head},"tools":[\n${tools.map((tool) => JSON.stringify(tool)).join(',\n')}\n]}`;
  });
  writeFileSync(join(here, 'tools.json'), `[\n${lines.join(',\n')}\n]\n`);
  const rows = found.map((each) => `| \`${each.server}\` | ${each.version} | ${each.licence} | ${each.tools.length} | ${each.source} |`);
  const total = found.reduce((sum, each) => sum + each.tools.length, 0);
  writeFileSync(join(here, 'ATTRIBUTION.md'), [
    '# Where the tool definitions come from', '',
    `\`tools.json\` holds the ${total} tool definitions of ${found.length} public MCP servers, word for word as each server lists them. They are their`,
    'authors\' texts, under the licence named here; the code of the servers is not part of this repository. `gather.mjs` collected them.', '',
    '| npm package | version | licence | tools | source |', '|---|---|---|---|---|', ...rows, '',
  ].join('\n'));
  if (options.pin) {
    writeFileSync(join(here, 'servers.json'), `[\n${servers.map((each) => `  ${JSON.stringify(each)}`).join(',\n')}\n]\n`);
  }
}
