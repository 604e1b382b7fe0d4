// A stdio client (sdk 1.x) that reaches the gateway through mcp-remote, which opens a browser for the sign-in.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { live, revoke, textOf } from './journey.mjs';
import { describe, options, report } from './person.mjs';

const here = name => fileURLToPath(new URL(name, import.meta.url));
const config = mkdtempSync(join(tmpdir(), 'mcp-remote-'));
const journey = join(config, 'journey');
const seen = { log: [] };
const transport = new StdioClientTransport({
  command: process.execPath,
  args: [
    here('node_modules/mcp-remote/dist/proxy.js'), options.url,
    '--transport', 'http-only',
    ...(options.mode ? ['--protocol', options.mode] : []),
  ],
  env: {
    ...process.env,
    MCP_REMOTE_CONFIG_DIR: config,
    BROWSER: here(options.journey ? 'journey-browser.mjs' : 'browser.mjs'),
    EMAIL: options.email,
    JOURNEY: journey,
    ...(options.login !== undefined && { LOGIN: options.login }),
    ...(options.mailbox !== undefined && { MAILBOX: options.mailbox }),
    ...(options.scopes !== undefined && { SCOPES: options.scopes }),
  },
  stderr: 'pipe',
});
transport.stderr.on('data', chunk => seen.log.push(...chunk.toString().split('\n').filter(Boolean)));

/** The client of a journey: the proxy runs on while its grant is revoked. */
function traveller(client) {
  return {
    signIns: () => signIns().length,
    list: async () => (await client.listTools()).tools.map(tool => tool.name),
    async write() {
      writeFileSync(join(journey, 'scopes'), options['step-up']);
      return textOf(await client.callTool({ name: options.tool, arguments: JSON.parse(options.args) }));
    },
    outliveAccessToken() {
      const file = keptFile('tokens.json');
      writeFileSync(file, JSON.stringify({ ...read(file), access_token: 'ended' }));
    },
    loseGrant: () => revoke(read(keptFile('client_info.json')).client_id, read(keptFile('tokens.json')).refresh_token),
  };
}

const lines = name => (existsSync(join(journey, name)) ? readFileSync(join(journey, name), 'utf8').split('\n').filter(Boolean) : []);
const signIns = () => lines('sign-ins').map(line => JSON.parse(line));
const read = file => JSON.parse(readFileSync(file, 'utf8'));

function keptFile(ending) {
  // Not in the journey's own folder, where the browser comes and goes.
  const kept = readdirSync(config, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && entry.name !== 'journey')
    .flatMap(({ name }) => readdirSync(join(config, name), { recursive: true }).map(file => join(name, file)));
  const name = kept.find(file => file.endsWith(ending));
  if (!name) throw new Error(`mcp-remote keeps no ${ending}, but ${kept}`);
  return join(config, name);
}

try {
  if (options.journey) {
    mkdirSync(journey);
    writeFileSync(join(journey, 'scopes'), options.scopes);
  }
  const client = new Client({ name: 'stdio-client', version: '1.0.0' });
  await client.connect(transport);
  if (options.journey) {
    seen.stages = await live(traveller(client));
    seen.authorizations = signIns();
  } else {
    seen.serverInfo = client.getServerVersion();
    seen.tools = (await client.listTools()).tools;
    if (options.tool) seen.result = await client.callTool({ name: options.tool, arguments: JSON.parse(options.args) });
  }
  await client.close();
} catch (error) {
  seen.error = describe(error);
} finally {
  seen.browser = lines('browser.log');
  rmSync(config, { recursive: true, force: true, maxRetries: 5 });
}
report(seen);
