// @modelcontextprotocol/client 2.x: speaks 2026-07-28 and falls back to the handshake (--mode auto | legacy).
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { options } from './person.mjs';
import { run } from './session.mjs';

await run({
  UnauthorizedError,
  createClient: () => new Client(
    { name: 'modern-client', version: '1.0.0' },
    { versionNegotiation: { mode: options.mode ?? 'auto' } }),
  createTransport: settings => new StreamableHTTPClientTransport(new URL(options.url), settings),
  protocolVersion: client => client.getNegotiatedProtocolVersion(),
  callTool: (client, request, settings) => client.callTool(request, settings),
});
