// Both SDKs behind one surface, so that a behaviour is written once. What differs between them stands here alone.
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as LegacyStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import * as schemas from '@modelcontextprotocol/sdk/types.js';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio';
import { options } from '../person.mjs';

const schemaOf = {
  'elicitation/create': schemas.ElicitRequestSchema,
  'sampling/createMessage': schemas.CreateMessageRequestSchema,
  'roots/list': schemas.ListRootsRequestSchema,
  'notifications/elicitation/complete': schemas.ElicitationCompleteNotificationSchema,
  'notifications/message': schemas.LoggingMessageNotificationSchema,
  'notifications/progress': schemas.ProgressNotificationSchema,
  'notifications/resources/updated': schemas.ResourceUpdatedNotificationSchema,
};

const transportSettings = more => ({
  requestInit: { headers: { authorization: `Bearer ${options.token}` } },
  reconnectionOptions: { initialReconnectionDelay: 100, maxReconnectionDelay: 1000, reconnectionDelayGrowFactor: 1.5, maxRetries: 10 },
  ...more,
});

/** The bridge of this gateway as a server on stdio. */
const bridge = Stdio => new Stdio({
  command: 'dotnet', args: [options.bridge, 'stdio', options.url], env: { ...process.env, CORTEX_TOKEN: options.token }, stderr: 'inherit',
});

let open;
const opened = new Promise(resolve => { open = resolve; });

/** fetch, noticing when the stream of the session is open. */
const noticing = async (input, init) => {
  const response = await fetch(input, init);
  if (init?.method === 'GET' && response.ok) open();
  return response;
};

const legacy = {
  /** When changes are told: from when the stream of the session is open. The modern SDK begins to listen when it connects. */
  listening: opened,
  createClient: settings => new LegacyClient({ name: 'legacy-client', version: '1.0.0' }, settings),
  createTransport: more => (options.bridge ? bridge(LegacyStdio) : new LegacyTransport(new URL(options.url), transportSettings({ fetch: noticing, ...more }))),
  protocolVersion: (_, transport) => transport.protocolVersion,
  onRequest: (client, method, handler) => client.setRequestHandler(schemaOf[method], handler),
  onNotification: (client, method, handler) => client.setNotificationHandler(schemaOf[method], handler),
  callTool: (client, call, settings) => client.callTool(call, undefined, settings),
  /** The level is the session's. */
  callToolWithLogs: async (client, call, level) => {
    await client.setLoggingLevel(level);
    return await client.callTool(call);
  },
  /** Gives back what ends the subscription. */
  subscribe: async (client, uri) => {
    await client.subscribeResource({ uri });
    return () => client.unsubscribeResource({ uri });
  },
};

const modern = {
  createClient: settings => new ModernClient({ name: 'modern-client', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' }, ...settings }),
  createTransport: more => (options.bridge ? bridge(ModernStdio) : new ModernTransport(new URL(options.url), transportSettings(more))),
  protocolVersion: client => client.getNegotiatedProtocolVersion(),
  onRequest: (client, method, handler) => client.setRequestHandler(method, handler),
  onNotification: (client, method, handler) => client.setNotificationHandler(method, handler),
  callTool: (client, call, settings) => client.callTool(call, settings),
  /** The level is the request's. */
  callToolWithLogs: (client, call, level) => client.callTool({ ...call, _meta: { 'io.modelcontextprotocol/logLevel': level } }),
  subscribe: async (client, uri) => {
    const subscription = await client.listen({ resourceSubscriptions: [uri] });
    return () => subscription.close();
  },
};

export const sdk = { legacy, modern }[options.sdk];
