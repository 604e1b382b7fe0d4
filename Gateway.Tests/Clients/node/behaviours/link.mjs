// Calls a tool of an app whose account the person has not linked yet, tells of the page that they are asked to open, and has its result once they have linked.
import { behave, call, once, tell } from './behave.mjs';
import { sdk } from './sdks.mjs';

const urlElicitationRequired = -32042;
let complete;
const completed = once(done => { complete = done; });

await behave(
  async (client, seen) => {
    try {
      seen.result = await sdk.callTool(client, call);
    } catch (error) {
      if (error.code !== urlElicitationRequired) throw error;
      await sdk.listening;
      const [{ url, elicitationId }] = error.data.elicitations;
      tell('open', { url });
      seen.completed = (await completed) === elicitationId;
      seen.result = await sdk.callTool(client, call);
    }
  },
  { capabilities: { elicitation: { form: {}, url: {} } } },
  client => {
    sdk.onRequest(client, 'elicitation/create', ({ params }) => {
      tell('open', { mode: params.mode, url: params.url });
      return { action: 'accept' };
    });
    if (sdk.listening) sdk.onNotification(client, 'notifications/elicitation/complete', ({ params }) => complete(params.elicitationId));
  });
