// A stdio client (sdk 1.x) that reaches the gateway through mcp-remote, which opens browser.mjs for the sign-in.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, options, report } from './person.mjs';

const here = name => fileURLToPath(new URL(name, import.meta.url));
const config = mkdtempSync(join(tmpdir(), 'mcp-remote-'));
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
    ...(options.scopes !== undefined && { SCOPES: options.scopes }),
  },
  stderr: 'pipe',
});
transport.stderr.on('data', chunk => seen.log.push(...chunk.toString().split('\n').filter(Boolean)));

try {
  const client = new Client({ name: 'stdio-client', version: '1.0.0' });
  await client.connect(transport);
  seen.serverInfo = client.getServerVersion();
  seen.tools = (await client.listTools()).tools;
  if (options.tool) seen.result = await client.callTool({ name: options.tool, arguments: JSON.parse(options.args) });
  await client.close();
} catch (error) {
  seen.error = describe(error);
} finally {
  rmSync(config, { recursive: true, force: true });
}
report(seen);
