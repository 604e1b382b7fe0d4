// A stdio client (sdk 1.x) that reaches the gateway through mcp-remote, which opens browser.mjs for the sign-in.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { live, revoke, textOf } from './journey.mjs';
import { describe, options, report } from './person.mjs';

const here = name => fileURLToPath(new URL(name, import.meta.url));
const config = mkdtempSync(join(tmpdir(), 'mcp-remote-'));
const scopesFile = join(config, 'scopes');
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
    BROWSER: here('browser.mjs'),
    EMAIL: options.email,
    ...(options.login !== undefined && { LOGIN: options.login }),
    ...(options.mailbox !== undefined && { MAILBOX: options.mailbox }),
    ...(options.journey && { SCOPES_FILE: scopesFile }),
    ...(options.scopes !== undefined && { SCOPES: options.scopes }),
  },
  stderr: 'pipe',
});
transport.stderr.on('data', chunk => seen.log.push(...chunk.toString().split('\n').filter(Boolean)));

/** The client of a journey: the proxy runs on while its grant is revoked. */
function traveller(client) {
  return {
    signIns: () => seen.log.join('').split('Please authorize this client').length - 1,
    list: async () => (await client.listTools()).tools.map(tool => tool.name),
    async write() {
      writeFileSync(scopesFile, options['step-up']);
      return textOf(await client.callTool({ name: options.tool, arguments: JSON.parse(options.args) }));
    },
    outliveAccessToken() {
      const kept = keptFile('tokens.json');
      writeFileSync(kept, JSON.stringify({ ...read(kept), access_token: 'ended' }));
    },
    loseGrant: () => revoke(clientId(read(keptFile('client_info.json'))), read(keptFile('tokens.json')).refresh_token),
  };
}

const keptFile = ending => {
  const name = readdirSync(config, { recursive: true }).find(file => file.endsWith(ending));
  if (!name) throw new Error(`mcp-remote keeps no ${ending}: ${readdirSync(config, { recursive: true })}`);
  return join(config, name);
};
const read = file => JSON.parse(readFileSync(file, 'utf8'));
const clientId = kept => kept.client_id ?? Object.values(kept).flat().find(entry => entry?.client_id)?.client_id;

if (options.journey) writeFileSync(scopesFile, options.scopes);
try {
  const client = new Client({ name: 'stdio-client', version: '1.0.0' });
  await client.connect(transport);
  if (options.journey) seen.stages = await live(traveller(client));
  seen.serverInfo = client.getServerVersion();
  seen.tools = (await client.listTools()).tools;
  if (options.tool && !options.journey) seen.result = await client.callTool({ name: options.tool, arguments: JSON.parse(options.args) });
  await client.close();
} catch (error) {
  seen.error = describe(error);
} finally {
  rmSync(config, { recursive: true, force: true });
}
report(seen);
