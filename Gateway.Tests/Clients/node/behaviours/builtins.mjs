// Lists the tools, then reports what is missing, lists the tickets and asks who it is; every answer must fit the output schema that was listed.
import { check } from '../schemas.mjs';
import { behave } from './behave.mjs';
import { sdk } from './sdks.mjs';

await behave(async (client, seen) => {
  const { tools } = await client.listTools();
  seen.tools = tools.map(({ name }) => ({ name }));
  /** The SDK checks the answer by itself as well; what it finds ends the script. */
  const call = async (name, args = {}) => {
    const result = await sdk.callTool(client, { name, arguments: args });
    check(name, tools.find(tool => tool.name === name).outputSchema, result.structuredContent);
    return result.structuredContent;
  };
  const wish = { whatIWanted: 'give notes a due date', severity: 'blocking', userIntent: 'Plan the week.', contextTool: 'notes_read' };
  seen.report = await call('report_missing_capability', wish);
  seen.again = await call('report_missing_capability', wish);
  seen.list = await call('list_cortex_tickets');
  seen.whoami = await call('whoami');
});
