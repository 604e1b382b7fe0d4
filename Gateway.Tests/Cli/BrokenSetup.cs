namespace Cortex.Tests.Cli;

/// <summary>Configuration files that do not stand together, and what is to be said about them.</summary>
/// <param name="Name">The mistake.</param>
/// <param name="Files">The files; the first is the main one.</param>
/// <param name="At">Where it is: <c>file:line:column</c>, or the file alone.</param>
/// <param name="Path">The YAML path.</param>
/// <param name="Problem">Part of what is wrong.</param>
/// <param name="Mend">Part of what to write instead.</param>
public sealed record BrokenSetup(string Name, (string File, string Yaml)[] Files, string At, string Path, string Problem, string Mend)
{
    private const string Main = "cortex.yaml";

    /// <summary>What a platform team gets wrong between files, sections and lines.</summary>
    public static IEnumerable<BrokenSetup> All =>
    [
        new("indentation that wanders", [(Main, "gateway:\n  name: x\n   publicUrl: http://localhost:1\n")], "cortex.yaml:3:13", "", "not valid YAML", "Check the indentation"),
        new("no blank after the colon", [(Main, "gateway:\n  name:x\n")], "cortex.yaml:2:3", "gateway", "a single value stands where a map", "key: value"),
        new("misspelt key in a team's file", [(Main, "include: [teams/*.yaml]\n"), ("teams/a.yaml", "backends:\n  notes:\n    ulr: http://localhost:1\n")], "teams/a.yaml:3:5", "backends.notes.ulr", "unknown", "Did you mean 'url'?"),
        new("tab in a team's file", [(Main, "include: [a.yaml]\n"), ("a.yaml", "backends:\n\tnotes: {}\n")], "a.yaml:2:1", "", "not valid YAML", "indentation"),
        new("same name in two teams' files", [(Main, "include: [a.yaml, b.yaml]\n"), ("a.yaml", "backends:\n  notes: {url: http://localhost:1}\n"), ("b.yaml", "backends:\n  notes: {url: http://localhost:2}\n")], "b.yaml:2:3", "backends.notes", "a.yaml:2:3", "Rename one"),
        new("name of the main file again", [(Main, "include: [a.yaml]\nbackends:\n  notes: {url: http://localhost:1}\n"), ("a.yaml", "backends:\n  notes: {url: http://localhost:1}\n")], "a.yaml:2:3", "backends.notes", "cortex.yaml:3:3", "Rename one"),
        new("team's file that says more than backends", [(Main, "include: [a.yaml]\n"), ("a.yaml", "gateway: {name: x}\n")], "a.yaml:1:1", "gateway", "'backends:' and nothing else", "Move the key to the main file"),
        new("cluster that is none in a team's file", [(Main, "include: [a.yaml]\nbackends:\n  good: {url: http://localhost:1}\n"), ("a.yaml", "backends:\n  bad: {url: http://localhost:2, cluster: {loadBalancingPolicy: Nope}}\n")], "a.yaml:2:65", "backends.bad.cluster.loadBalancingPolicy", "the load balancing policy 'Nope'", "Write one of"),
        new("include that is not there", [(Main, "include: [teams/a.yaml]\n")], "teams/a.yaml", "", "not there", "Remove it from 'include'"),
        new("include with a bracket that opens nothing", [(Main, "include: [\"teams[1.yaml\"]\n")], "teams[1.yaml", "", "not there", "put it there"),
        new("path without its slash", [(Main, "backends:\n  a: {url: http://localhost:1, path: api/x}\n")], "cortex.yaml:2:38", "backends.a.path", "does not start with '/'", "Write path: /api/x"),
        new("two addresses", [(Main, "backends:\n  a: {url: http://localhost:1, destinations: [\"http://localhost:2\"]}\n")], "cortex.yaml:2:32", "backends.a.destinations", "both url and destinations", "Keep one"),
        new("backend with capitals and a blank", [(Main, "backends:\n  My Notes: {url: http://localhost:1}\n")], "cortex.yaml:2:3", "backends.My Notes", "not a backend name", "a-z, 0-9"),
        new("duration with a blank", [(Main, "backends:\n  a: {url: http://localhost:1, timeout: 10 s}\n")], "cortex.yaml:2:41", "backends.a.timeout", "not a duration", "500ms, 10s"),
        new("static without a secret", [(Main, "backends:\n  a: {url: http://localhost:1, auth: static}\n")], "cortex.yaml:2:3", "backends.a.staticSecret", "needs a secret", "${env:NAME}"),
        new("account to link at a contract backend", [(Main, "backends:\n  a: {url: http://localhost:1, auth: linkedAccount}\n")], "cortex.yaml:2:38", "backends.a.auth", "native MCP servers", "Set kind: mcp"),
        new("scope that is the gateway's own", [(Main, "backends:\n  a:\n    kind: mcp\n    url: http://localhost:1\n    scopes:\n      \"*\": cortex:admin\n")], "cortex.yaml:6:12", "backends.a.scopes.*", "reserved", "mcp:<domain>:<action>"),
        new("two scopes in one", [(Main, "backends:\n  a:\n    kind: mcp\n    url: http://localhost:1\n    scopes:\n      \"*\": mcp:a mcp:b\n")], "cortex.yaml:6:12", "backends.a.scopes.*", "not an OAuth scope", "such as mcp:notes:read"),
        new("plan that is none", [(Main, "identity:\n  defaultPlan: gold\n  plans:\n    free: {scopes: [mcp:a]}\n")], "cortex.yaml:2:16", "identity.defaultPlan", "no plan 'gold'", "Use one of: free"),
        new("issuer twice", [(Main, "identity:\n  issuers:\n    - issuer: https://a.example\n    - issuer: https://a.example\n")], "cortex.yaml:4:15", "identity.issuers[1].issuer", "listed twice", "Remove one"),
        new("issuer that is the gateway itself", [(Main, "gateway:\n  publicUrl: https://mcp.example.com\nidentity:\n  issuers:\n    - issuer: https://mcp.example.com/\n")], "cortex.yaml:5:15", "identity.issuers[0].issuer", "the gateway itself", "Remove the entry"),
        new("issuer whose client has no name", [(Main, "identity:\n  issuers:\n    - issuer: https://a.example\n      browserClient: {}\n")], "cortex.yaml:4:7", "identity.issuers[0].browserClient.clientId", "not named", "Write the client_id"),
        new("nobody who signs in", [(Main, "identity:\n  authorizationServer: {enabled: false}\n")], "cortex.yaml:1:1", "identity", "nobody could sign in", "add an entry to identity.issuers"),
        new("client without a way back", [(Main, "identity:\n  authorizationServer:\n    clients:\n      - id: web\n")], "cortex.yaml:4:9", "identity.authorizationServer.clients[0]", "nowhere to go", "Add redirectUris"),
        new("client that comes back in plaintext", [(Main, "identity:\n  authorizationServer:\n    clients:\n      - {id: web, redirectUris: [\"http://evil.example/cb\"]}\n")], "cortex.yaml:4:34", "identity.authorizationServer.clients[0].redirectUris[0]", "must use https", "Write https://host/path"),
        new("client twice", [(Main, "identity:\n  authorizationServer:\n    clients:\n      - {id: web, redirectUris: [\"http://127.0.0.1/cb\"]}\n      - {id: web, redirectUris: [\"http://127.0.0.1/cb\"]}\n")], "cortex.yaml:5:14", "identity.authorizationServer.clients[1].id", "listed twice", "Remove one"),
        new("sign-in by a provider that is not there", [(Main, "identity:\n  authorizationServer:\n    signIn: [oidc]\n")], "cortex.yaml:2:3", "identity.authorizationServer.providers", "no provider", "Add one"),
        new("sign-in by mail without a server", [(Main, "identity:\n  authorizationServer:\n    signIn: [magicLink]\n")], "cortex.yaml:2:3", "identity.authorizationServer.smtp", "no mail server", "Write host and from"),
        new("database of no kind", [(Main, "storage:\n  database: mysql:x\n")], "cortex.yaml:2:13", "storage.database", "does not name a database", "sqlite:PATH"),
        new("key that is none", [(Main, "vault:\n  keys: [{id: a, key: \"${env:PATH}\"}]\n")], "cortex.yaml:2:23", "vault.keys[0].key", "not a key of 32 bytes", "openssl rand -base64 32"),
        new("word that is near in a mode", [(Main, "integrity: {mode: warning}\n")], "cortex.yaml:1:19", "integrity.mode", "allowed words", "off, warn, block"),
    ];

    public override string ToString() => Name;
}
