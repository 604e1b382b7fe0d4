// @modelcontextprotocol/sdk 1.x: handshake and sessions.
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { options } from './person.mjs';
import { run } from './session.mjs';

await run({
  UnauthorizedError,
  createClient: () => new Client({ name: 'legacy-client', version: '1.0.0' }),
  createTransport: settings => new StreamableHTTPClientTransport(new URL(options.url), settings),
  protocolVersion: (_, transport) => transport.protocolVersion,
  callTool: (client, request, settings) => client.callTool(request, undefined, settings),
});
