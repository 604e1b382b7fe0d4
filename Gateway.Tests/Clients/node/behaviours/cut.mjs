// Makes a call whose connection the test cuts once it has begun; what becomes of it is the SDK's matter. Then makes another.
import { describe, options } from '../person.mjs';
import { behave, call, tell } from './behave.mjs';
import { sdk } from './sdks.mjs';

await behave(async (client, seen) => {
  seen.progress = [];
  const onprogress = ({ progress }) => {
    seen.progress.push(progress);
    if (progress === 1) tell('begun');
  };
  try {
    seen.result = await sdk.callTool(client, call, { onprogress, timeout: Number(options.timeout) });
  } catch (error) {
    seen.failed = describe(error);
  }
  seen.next = await sdk.callTool(client, { name: 'test_simple_text', arguments: {} });
});
