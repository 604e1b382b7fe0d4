// All that a client does in one connection, so that one process of the bridge shows it: lists, a call with progress, a question to the person.
import { behave, call } from './behave.mjs';
import { sdk } from './sdks.mjs';

await behave(
  async (client, seen) => {
    seen.tools = (await client.listTools()).tools;
    seen.progress = [];
    await sdk.callTool(client, { name: 'test_tool_with_progress', arguments: {} }, { onprogress: ({ progress }) => seen.progress.push(progress) });
    seen.result = await sdk.callTool(client, call);
  },
  { capabilities: { elicitation: { form: {} } } },
  (client, seen) => {
    seen.asked = [];
    sdk.onRequest(client, 'elicitation/create', ({ params }) => {
      seen.asked.push(params.message);
      return { action: 'accept', content: Object.fromEntries(Object.keys(params.requestedSchema.properties).map(field => [field, 'Ada'])) };
    });
  });
