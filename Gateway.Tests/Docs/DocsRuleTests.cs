using Cortex.Tests.Docs.Blocks;
using NUnit.Framework;

namespace Cortex.Tests.Docs;

/// <summary>The rules see what is wrong: each of these blocks would mislead a reader.</summary>
internal sealed class DocsRuleTests
{
    [TestCase("yaml", "", "backends: { notes: { kind: contract, urll: http://127.0.0.1 } }", "urll")]
    [TestCase("yaml", "values", "replicas: 3", "replicas")]
    [TestCase("yaml", "", "# values.yaml\nbackend: {}", "backend")]
    [TestCase("yaml", "", "apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { prots: [] }", "prots")]
    [TestCase("yaml", "", "metadata: { annotations: { a: b } }", "yaml kubernetes")]
    [TestCase("yaml", "", "on: push\njobs: { a: { runs-on: ubuntu-24.04, steps: [{ run: cortex chek }] } }", "chek")]
    [TestCase("yaml", "", "mcp_servers: { cortex: { url: https://mcp.example.com } }", "no address of the MCP endpoint")]
    [TestCase("json", "", "{ a: 1 }", "no JSON")]
    [TestCase("json", "", """{ "mcpServers": { "cortex": { "ulr": "https://mcp.example.com/mcp" } } }""", "ulr")]
    [TestCase("json", "", """{ "servers": { "cortex": { "type": "http", "url": "http://mcp.example.com/mcp" } } }""", "no address of the MCP endpoint")]
    [TestCase("json", "", """{ "mcpServers": { "cortex": { "command": "npx", "args": ["-y", "mcp-remot", "https://mcp.example.com/mcp"] } } }""", "mcp-remot")]
    [TestCase("http", "", "POST /a HTTP/1.1\nContent-Length: 3\n\n{}", "has 2 bytes")]
    [TestCase("http", "", "POSTED /a", "neither a request")]
    [TestCase("mermaid", "", "flowchat LR\n  a --> b", "flowchat")]
    [TestCase("mermaid", "", "flowchart LR\n  subgraph x\n  a --> b", "1 groups begin")]
    [TestCase("text", "", "$ cortex check", "Put it into a block of 'sh'")]
    [TestCase("", "", "ok    all is well\ncortex check", "Put it into a block of 'sh'")]
    [TestCase("cobol", "", "anything", "no rule for a block")]
    [TestCase("sh", "", "if", "bash can't read it")]
    [TestCase("sh", "", "frobnicate --all", "no rule for 'frobnicate'")]
    [TestCase("sh", "", "cortex chek --config a.yaml", "chek")]
    [TestCase("sh", "", "cortex check --confg a.yaml", "confg")]
    [TestCase("sh", "", "export A=b && dotnet run --project Gateway -- serv", "serv")]
    [TestCase("sh", "", "dotnet test Gateway.Test", "Gateway.Test")]
    [TestCase("sh", "", "docker run --rm ghcr.io/wellknownmcp/cortex-gateway check --nonsense", "nonsense")]
    [TestCase("sh", "", "kubectl -n cortex exec deploy/cortex -- dotnet Gateway.dll keyz list", "keyz")]
    [TestCase("sh", "", "kubectl creat configmap a", "creat")]
    [TestCase("sh", "", "helm upgrade --install cortex charts/cortx", "charts/cortx")]
    [TestCase("sh", "", "helm install cortex charts/cortex --set replicas=3", "replicas")]
    [TestCase("sh", "", "claude mcp add --transport http cortex https://mcp.example.com", "no address of the MCP endpoint")]
    [TestCase("sh", "", "claude mcp add --transprt http cortex https://mcp.example.com/mcp", "transprt")]
    [TestCase("sh", "", "claude mcp add cortex -- cortex studio --url https://mcp.example.com/mcp", "studio")]
    [TestCase("sh", "", "code --add-mcp '{\"name\":\"cortex\",\"type\":\"htp\",\"url\":\"https://mcp.example.com/mcp\"}'", "htp")]
    [TestCase("sh", "", "npx -y mcp-remot https://mcp.example.com/mcp", "mcp-remot")]
    [TestCase("sh", "", "openclaw mcp set cortex '{\"url\":\"https://mcp.example.com\"}'", "no address of the MCP endpoint")]
    [TestCase("sh", "", "node samples/node/note.mjs", "samples/node/note.mjs")]
    [TestCase("sh", "", "./test.sh conformence", "conformance")]
    [TestCase("sh", "", "curl -X POST --jsn '{}' https://mcp.example.com/mcp", "jsn")]
    [TestCase("sh", "", "echo \"$(cortex kes new)\"", "kes")]
    public void Fault_is_told_with_its_place(string language, string kind, string text, string told)
    {
        var faults = BlockRules.FaultsOf(new DocsBlock("docs/page.md", 7, language, kind, text + "\n"));

        Assert.That(faults, Has.Some.StartWith("docs/page.md:7: ").And.Some.Contain(told));
    }

    [TestCase("docker run --rm -v \"$PWD:/etc/cortex\" ghcr.io/wellknownmcp/cortex-gateway:1.0.0 serve --config /etc/cortex/cortex.yaml")]
    [TestCase("cat >values.yaml <<'EOF'\nnot a command\nEOF\nhelm install cortex charts/cortex --values values.yaml # a comment")]
    [TestCase("A=b cortex check \\\n  --config cortex.yaml 2>&1 | tee log")]
    [TestCase("for file in config/examples/*.yaml; do cortex check --config \"$file\"; done")]
    public void Sound_commands_pass(string script) => Assert.That(BlockRules.FaultsOf(new DocsBlock("docs/page.md", 7, "sh", "", script + "\n")), Is.Empty);

    [TestCase("yaml", "", "apiVersion: v1\nkind: Service\nmetadata: { name: notes, annotations: { example.com/a: b } }\nspec: { ports: [{ port: 80 }] }")]
    [TestCase("yaml", "", "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: notes }\nspec: {}")]
    [TestCase("yaml", "kubernetes", "metadata: { annotations: { a: b } }")]
    [TestCase("yaml", "values", "config: { gateway: { name: Ours } }\nbackends: { notes: { kind: contract, url: https://notes.example.com } }")]
    [TestCase("yaml", "", "mcp_servers: { cortex: { url: https://mcp.example.com/mcp, auth: oauth } }")]
    [TestCase("jsonc", "", "{ \"servers\": { \"cortex\": { \"type\": \"http\", \"url\": \"http://localhost:8080/mcp/sales\" } } } // a comment")]
    [TestCase("http", "", "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer")]
    public void Sound_blocks_pass(string language, string kind, string text) => Assert.That(BlockRules.FaultsOf(new DocsBlock("docs/page.md", 7, language, kind, text + "\n")), Is.Empty);

    [Test]
    public void Headings_become_anchors_as_on_GitHub()
    {
        var page = DocsPage.Parse("docs/page.md", "# The `a.b` key, and [why](x.md)\n## Again\n## Again\n```sh\n# no heading\n```\n");

        Assert.That(page.Anchors, Is.EquivalentTo(new[] { "the-ab-key-and-why", "again", "again-1" }));
    }
}
