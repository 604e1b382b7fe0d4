// Leaves in the middle of a call, and takes it up as another client of the same session, by the token of the last event.
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { behave, call, tell } from './behave.mjs';
import { sdk } from './sdks.mjs';

let begin;
const begun = new Promise(resolve => { begin = resolve; });

await behave(async (client, seen, transport) => {
  const request = { method: 'tools/call', params: call };
  const onresumptiontoken = token => { seen.token = token; };
  const first = client.request(request, CallToolResultSchema, { onresumptiontoken, onprogress: begin });
  first.catch(error => { seen.left = error.message; });
  await begun;
  await client.close();
  seen.left ??= await first.then(() => 'ended', error => error.message);
  tell('left', { token: seen.token });

  const second = sdk.createClient();
  seen.progress = [];
  sdk.onNotification(second, 'notifications/progress', ({ params }) => seen.progress.push(params.progress));
  await second.connect(sdk.createTransport({ sessionId: transport.sessionId }));
  seen.result = await second.request(request, CallToolResultSchema, { resumptionToken: seen.token, onresumptiontoken, timeout: 20_000 });
  await second.close();
});
