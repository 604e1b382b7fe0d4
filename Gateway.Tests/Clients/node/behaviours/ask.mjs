// Calls a tool that asks the person, the client's model or for its roots, and answers.
import { behave, call } from './behave.mjs';
import { sdk } from './sdks.mjs';

await behave(
  async (client, seen) => {
    seen.result = await sdk.callTool(client, call);
  },
  { capabilities: { elicitation: { form: {} }, sampling: {}, roots: {} } },
  (client, seen) => {
    seen.asked = [];
    sdk.onRequest(client, 'elicitation/create', ({ params }) => {
      seen.asked.push(params.message);
      const fields = Object.keys(params.requestedSchema.properties);
      return { action: 'accept', content: Object.fromEntries(fields.map(field => [field, 'Ada'])) };
    });
    sdk.onRequest(client, 'sampling/createMessage', ({ params }) => {
      seen.asked.push([params.messages[0].content].flat()[0].text);
      return { role: 'assistant', model: 'test', content: { type: 'text', text: 'Paris' } };
    });
    sdk.onRequest(client, 'roots/list', () => {
      seen.asked.push('roots');
      return { roots: [{ uri: 'file:///home/ada' }] };
    });
  });
